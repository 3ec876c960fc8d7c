export {
  type Client,
  type ClientOptions,
  createClient,
  type Input,
  ProblemError,
} from './client.ts';
