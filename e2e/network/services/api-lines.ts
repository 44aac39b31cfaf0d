/** The api's start, as it prints it (samples logs/api-start.log). */
import { toJson } from '../answers/answer.ts';
import { goNode, type ApiConfig } from './api-config.ts';
import { apiLine, goTime } from './log.ts';

const DEFAULT_YAML = `api:
  port: 8080
  poc_callback_url: http://localhost:8080
  public_url: http://localhost:8080
nodes:
chain_node:
  url: http://node:26657
  account_public_key: ""
  signer_key_name: "alice"
  keyring_backend: "test"
  keyring_dir: "/root/.inference"
  is_genesis: false`;

export const BANNER = (port: number): string => `
   ____    __
  / __/___/ /  ___
 / _// __/ _ \\/ _ \\
/___/\\__/_//_/\\___/ v4.10.0
High performance, minimalist Go web framework
https://echo.labstack.com
____________________________________O/_______
                                    O\\
⇨ http server started on [::]:${port}`;

export function configLines(config: ApiConfig, existed: boolean, savedYaml: string): string[] {
  const now = new Date();
  return [
    existed ? `Config file ${config.yamlPath} already exists` : `Copying initial config file to ${config.yamlPath}`,
    'Initial config (before env var merge)',
    existed ? savedYaml.trimEnd() : DEFAULT_YAML,
    'init for cosmovisor', 'init for nats',
    `${String(now.getUTCHours()).padStart(2, '0')}:${String(now.getUTCMinutes()).padStart(2, '0')}${now.getUTCHours() < 12 ? 'AM' : 'PM'} INF initialized cosmovisor in ${config.dir}/cosmovisor module=cosmovisor`,
    'Running decentralized-api with cosmovisor',
    ...['KEY_NAME', 'ACCOUNT_PUBKEY', 'KEYRING_BACKEND', 'KEYRING_PASSWORD'].map((name) => `${goTime()} Loaded ${name}: ${config.env[name] ?? ''}`),
    ...(existed ? [apiLine('INFO', 'Config migration already completed. Skipping', 'Config')] : []),
    `${goTime()} Saved static config after load`,
    apiLine('INFO', 'Reading nodes from DB', 'Config', { nodes: `[${config.nodes.map(goNode).join(' ')}]` }),
    ...(existed ? [apiLine('INFO', 'Reading current height from DB', 'Config', { height: config.height }), apiLine('INFO', 'Reading last processed height from DB', 'Config', { height: config.height })] : []),
  ];
}

export const finalConfig = (config: ApiConfig): string => `${goTime()} Final loaded config (JSON):\n${toJson(config.json(), 2)}`;

export const connecting = (config: ApiConfig): string => apiLine('INFO', 'Connecting to cosmos sdk node', 'System', { config: config.goStruct(), height: config.height });

export function serverLines(config: ApiConfig): string[] {
  const at = (name: string, port: number) => apiLine('INFO', `start ${name} server on addr`, 'Server', { addr: `:${port}` });
  return [
    apiLine('INFO', 'Tx manager: sending txs: run in background', 'Messages'), apiLine('INFO', 'Tx manager: observeTxs txs: run in background', 'Messages'),
    apiLine('INFO', 'node PocOrchestrator orchestrator initialized', 'PoC', { nodePocOrchestrator: `&{callbackUrl:${config.env.DAPI_API__POC_CALLBACK_URL ?? ''}}` }),
    at('public', 9000), apiLine('INFO', 'MLNodeBackgroundManager started', 'System', { check_interval: '30m0s' }),
    apiLine('INFO', 'Bandwidth limiter initialized', 'Config', { limit: 43008, lifespan: 10, weightBased: true }), at('ml', 9100), at('admin', 9200),
    apiLine('INFO', 'Connecting to websocket at', 'EventProcessing', { url: 'ws://node:26657/websocket' }), apiLine('INFO', 'Subscribed to NewBlock only; Tx will be polled by BlockObserver.', 'EventProcessing'),
    ...config.release.models.map((model) => apiLine('INFO', 'RegisterNode. Governance model', 'Nodes', { model_id: model.id })),
    ...config.nodes.map((node) => apiLine('INFO', 'RegisterNode. Registered node', 'Nodes', { node: goNode(node) })),
    ...[9000, 9100, 9200].map(BANNER),
  ];
}

export function blockLines(height: number, epoch: number, pocStart: number, phase: string, blockHash: string): string[] {
  return [
    apiLine('INFO', 'Event unmarshalled. Evaluating type...', 'EventProcessing', { event_id: 1, subscription_query: "tm.event='NewBlock'", result_data_type: 'tendermint/event/NewBlock', comparing_against_type: 'tendermint/event/NewBlock', is_new_block_event_type_result: true }),
    apiLine('INFO', 'Setting last processed height', 'Config', { height }),
    apiLine('INFO', 'Setting validation params', 'Config', { params: '{TimestampExpiration:60 TimestampAdvance:30 ExpirationBlocks:10}' }),
    apiLine('INFO', '[new-block-dispatcher] Current epoch state.', 'Stages', { blockHeight: height, epoch, 'epoch.PocStartBlockHeight': pocStart, currentPhase: phase, isSynced: true, blockHash }),
    apiLine('INFO', 'Setting height', 'Config', { height }),
    apiLine('INFO', 'checkForPartialUpgrades. Partial upgrades', 'Upgrades', { partialUpgrades: 'pagination:<> ' }),
  ];
}

/** The end after the node went: v0.2.4 panics (measured 27), later releases just end (measured 44). */
export function nodeGoneLines(panics: boolean): string[] {
  const closed = { errorType: '*websocket.CloseError', error: 'websocket: close 1006 (abnormal closure): unexpected EOF' };
  return [
    apiLine('WARN', 'Failed to read a websocket message', 'EventProcessing', closed), apiLine('WARN', 'Websocket connection closed', 'EventProcessing', closed),
    apiLine('WARN', 'CheckForUpgrade. Websocket closed with no upgrade (name is empty)', 'Upgrades'), apiLine('WARN', 'Close websocket connection', 'EventProcessing'), apiLine('WARN', 'Reopen websocket', 'EventProcessing'),
    ...(panics ? [
      `${goTime()} ERROR [training-task-assigner] Failed to query chain status err="post failed: Post \\"http://node:26657\\": dial tcp: lookup node on 127.0.0.11:53: no such host"`,
      'panic: runtime error: invalid memory address or nil pointer dereference', '[signal SIGSEGV: segmentation violation code=0x1 addr=0x140 pc=0x3edaaa2]', '', 'goroutine 99 [running]:',
      'decentralized-api/training.(*Assigner).tryClaimingTaskToAssign(0xc001cbc300)', '\t/src/decentralized-api/training/assigner.go:74 +0xc2',
    ] : []),
  ];
}
