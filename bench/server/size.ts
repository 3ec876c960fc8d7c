/** What the bench is of; each a variable of the environment. */
const number = (name: string, usual: number) => Number(process.env[name] ?? usual);
export const FEATURES = number('FEATURES', 1_000_000);
export const PRODUCTS = number('PRODUCTS', 1_000);
export const CLAIMS = number('CLAIMS', 10_000);
export const RATE = number('RATE', 200);
export const SECONDS = number('SECONDS', 60);
export const JOBS = number('JOBS', 10_000);
export const EXAMINATIONS = number('EXAMINATIONS', 40);
/** What the issue of the server asks for. */
export const GOAL = { p99: 100, memory: 600 };
export const TOKEN = 'bench-token-0123456789';
export const KINDS = ['net.http', 'net.dns', 'file.any', 'env.named', 'exec.spawn', 'code.eval'];
