import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALIASES, variables } from '@avow/server';
import { loadAll } from 'js-yaml';

/** What is told to administrators about running it is held to the code that runs. */
const read = (path: string): string => readFileSync(join('deploy', path), 'utf8');
const FILES = globSync('**/*', { cwd: 'deploy', withFileTypes: true })
  .filter((one) => one.isFile())
  .map((one) => join(one.parentPath, one.name));
const YAML = FILES.filter((path) => path.endsWith('.yaml'));
const MANIFESTS = YAML.filter((path) => path.includes('kubernetes')).flatMap(
  (path) => loadAll(readFileSync(path, 'utf8')) as readonly Manifest[],
);

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // biome-ignore lint/suspicious/noExplicitAny: manifests are looked into, kind by kind.
  readonly spec?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly data?: any;
}

/** Variables of the deployment itself, which the service does not read. */
const NOT_OURS = new Set([
  'AVOW_NAME',
  'AVOW_DATABASE_PASSWORD',
  'AVOW_BUCKET_KEY',
  'AVOW_BUCKET_SECRET',
]);

test('every variable that is set is one that the service reads', () => {
  const known = new Set([...variables().keys(), ...Object.keys(ALIASES), ...NOT_OURS]);
  let seen = 0;
  for (const path of FILES) {
    for (const [name] of readFileSync(path, 'utf8').matchAll(/\bAVOW_[A-Z_]+\b/g)) {
      assert.ok(known.has(name), `${path}: ${name} sets nothing`);
      seen++;
    }
  }
  assert.ok(seen > 30);
});

test('every image is named by an exact version', () => {
  const images = FILES.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/^\s*(?:- )?(?:image:|ARG NODE=|FROM )\s*(\S+)/gm)].map(
      (match) => match[1]!,
    ),
  ).filter((image) => !image.startsWith('$'));
  assert.ok(images.length >= 8, images.join(' '));
  for (const image of images) assert.match(image, /:\d+\.\d+(?:\.\d+)?(?:-[a-z-]+)?$/);
});

test('the image has every package of the workspace, the Node that we test with, and is nobody', () => {
  const text = read('Containerfile');
  for (const path of globSync('packages/*/package.json')) {
    assert.ok(text.includes(`COPY ${path} `), `${path} is not in the image`);
  }
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.ok(text.includes(`node:${devDependencies.node}-`));
  assert.match(text, /^USER 10001:10001$/m);
  assert.match(text, /^HEALTHCHECK /m);
  assert.ok(text.lastIndexOf('\nUSER ') < text.indexOf('\nENTRYPOINT '));
  const entry = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(text)![1]!);
  assert.ok(existsSync(entry[1].replace('/avow/', '')));
});

test('ports agree: the image, the manifests, the proxies, the unit', () => {
  assert.match(read('Containerfile'), /AVOW_PORT=8080[\s\S]*EXPOSE 8080[\s\S]*127\.0\.0\.1:8080/);
  assert.match(read('Caddyfile'), /web:8080/);
  assert.match(read('nginx.conf'), /server 127\.0\.0\.1:8080;/);
  assert.match(read('systemd/avow.service'), /AVOW_PORT=8080/);
  for (const container of MANIFESTS.flatMap(containersOf)) {
    for (const { containerPort } of container.ports ?? []) assert.equal(containerPort, 8080);
  }
});

test('proxies keep numbers inside and let uploads and event streams through', () => {
  for (const path of ['Caddyfile', 'nginx.conf', 'kubernetes/web.yaml']) {
    assert.match(read(path), /\/metrics[\s\S]{0,40}404|@inside 404/, path);
  }
  assert.match(read('nginx.conf'), /proxy_request_buffering off;[\s\S]*proxy_buffering off;/);
  assert.match(read('Caddyfile'), /flush_interval -1/);
});

test('pods are restricted: nobody, no rights, nothing writable, limits, and probes where they answer', () => {
  const pods = MANIFESTS.filter(({ spec }) => spec?.template !== undefined);
  assert.deepEqual(pods.map(({ metadata }) => metadata.name).sort(), [
    'avow-log',
    'avow-migrate',
    'avow-web',
    'avow-worker',
  ]);
  for (const { kind, metadata, spec } of pods) {
    const pod = spec.template.spec;
    assert.equal(metadata.namespace, 'avow');
    assert.equal(pod.automountServiceAccountToken, false);
    assert.equal(pod.securityContext.runAsNonRoot, true);
    assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault');
    for (const container of pod.containers) {
      const { securityContext: rights, resources } = container;
      assert.equal(rights.allowPrivilegeEscalation, false);
      assert.equal(rights.readOnlyRootFilesystem, true);
      assert.deepEqual(rights.capabilities.drop, ['ALL']);
      assert.ok(resources.limits.memory && resources.requests.cpu);
      if (kind === 'Job') continue;
      assert.equal(container.livenessProbe.httpGet.path, '/healthz');
      assert.equal(container.readinessProbe.httpGet.path, '/readyz');
    }
    const volumes = new Set([
      ...pod.volumes.map((one: { name: string }) => one.name),
      ...(spec.volumeClaimTemplates ?? []).map((one: Manifest) => one.metadata.name),
    ]);
    for (const { volumeMounts } of pod.containers) {
      for (const { name } of volumeMounts)
        assert.ok(volumes.has(name), `${metadata.name}: ${name}`);
    }
  }
});

test('secrets are named, and stand in no manifest', () => {
  assert.equal(
    MANIFESTS.some(({ kind }) => kind === 'Secret'),
    false,
  );
  const [config] = MANIFESTS.filter(({ kind }) => kind === 'ConfigMap');
  assert.equal('AVOW_DATABASE_URL' in config!.data || 'AVOW_OBJECTS' in config!.data, false);
  const log = MANIFESTS.find(({ metadata }) => metadata.name === 'avow-log')!;
  assert.doesNotMatch(JSON.stringify(log), /secretKeyRef|AVOW_DATABASE/, 'a log has no secret');
});

test('nothing may talk unless it is told, and services find their pods', () => {
  const policies = MANIFESTS.filter(({ kind }) => kind === 'NetworkPolicy');
  assert.ok(policies.some(({ spec }) => JSON.stringify(spec.podSelector) === '{}'));
  const labels = new Set(MANIFESTS.map(({ spec }) => spec?.template?.metadata.labels.app));
  for (const { spec, metadata } of MANIFESTS.filter(({ kind }) => kind === 'Service')) {
    assert.ok(labels.has(spec.selector.app), metadata.name);
  }
});

test('the compose file parses, its services depend on services, and only the proxy is outside', () => {
  const [compose] = loadAll(read('compose.yaml')) as readonly {
    services: Record<string, { ports?: unknown; depends_on?: object; image: string }>;
  }[];
  const { services } = compose!;
  for (const [name, { depends_on = {} }] of Object.entries(services)) {
    for (const other of Object.keys(depends_on)) assert.ok(other in services, `${name}: ${other}`);
  }
  const outside = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
  assert.deepEqual(
    outside.map(([name]) => name),
    ['proxy'],
  );
});

function containersOf({
  spec,
}: Manifest): readonly { readonly ports?: readonly { containerPort: number }[] }[] {
  return spec?.template?.spec.containers ?? [];
}

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
test('systemd takes the units and finds them safe', {
  skip: hasSystemd ? false : 'systemd is not here',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-units-'));
  try {
    const units = ['avow.service', 'avow-backup.service', 'avow-backup.timer'];
    const paths = units.map((name) => join(folder, name));
    for (const [index, name] of units.entries()) {
      copyFileSync(join('deploy/systemd', name), paths[index]!);
    }
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], {
      encoding: 'utf8',
    });
    const told = verified.stderr
      .split('\n')
      .filter((line) => line.includes(folder) || /avow/.test(line));
    assert.deepEqual(told, [], verified.stderr);
    const safe = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', '--threshold=30', paths[0]!],
      {
        encoding: 'utf8',
      },
    );
    assert.equal(safe.status, 0, safe.stdout.split('\n').slice(-5).join('\n') + safe.stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const hasHadolint = spawnSync('hadolint', ['--version']).status === 0;
test('hadolint has nothing to say', { skip: hasHadolint ? false : 'hadolint is not here' }, () => {
  const { status, stdout } = spawnSync('hadolint', ['deploy/Containerfile'], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});
