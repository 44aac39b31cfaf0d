const GLOBAL_FLAGS = `Global Flags:
      --home string              directory for config and data (default "{home}")
      --keyring-backend string   Select keyring's backend (os|file|kwallet|pass|test|memory) (default "test")
      --keyring-dir string       The client Keyring directory; if omitted, the default 'home' directory will be used
      --log_format string        The logging format (json|plain) (default "plain")
      --log_level string         The logging level (trace|debug|info|warn|error|fatal|panic|disabled or '*:<level>,<key>:<level>') (default "info")
      --log_no_color             Disable colored logs
      --output string            Output format (text|json) (default "text")
      --trace                    print out full stack trace on errors`;

/** Cobra's usage texts, which stand before every error (measured 2). `{home}` is the directory of the state. */
export const USAGE: Record<string, string> = {
  'keys add': `Usage:
  inferenced keys add <name> [flags]

Flags:
      --account uint32           Account number for HD derivation (less than equal 2147483647)
      --coin-type uint32         coin type number for HD derivation (default 1200)
      --dry-run                  Perform action, but don't add key to local keystore
      --hd-path string           Manual HD Path derivation (overrides BIP44 config)
  -h, --help                     help for add
      --index uint32             Address index number for HD derivation (less than equal 2147483647)
  -i, --interactive              Interactively prompt user for BIP39 passphrase and mnemonic
      --key-type string          Key signing algorithm to generate keys for (default "secp256k1")
      --ledger                   Store a local reference to a private key on a Ledger device
      --multisig strings         List of key names stored in keyring to construct a public legacy multisig key
      --multisig-threshold int   K out of N required signatures. For use in conjunction with --multisig (default 1)
      --no-backup                Don't print out seed phrase (if others are watching the terminal)
      --nosort                   Keys passed to --multisig are taken in the order they're supplied
      --pubkey string            Parse a public key in JSON format and saves key info to <name> file.
      --pubkey-base64 string     Parse a public key in base64 format and saves key info.
      --recover                  Provide seed phrase to recover existing key instead of creating
      --source string            Import mnemonic from a file (only usable when recover or interactive is passed)

${GLOBAL_FLAGS}`,
  'keys show': `Usage:
  inferenced keys show [name_or_address [name_or_address...]] [flags]

Flags:
  -a, --address                  Output the address only (cannot be used with --output)
      --bech string              The Bech32 prefix encoding for a key (acc|val|cons) (default "acc")
  -d, --device                   Output the address in a ledger device (cannot be used with --pubkey)
  -h, --help                     help for show
      --multisig-threshold int   K out of N required signatures (default 1)
  -p, --pubkey                   Output the public key only (cannot be used with --output)
      --qrcode                   Display key address QR code (will be ignored if -a or --address is false)

${GLOBAL_FLAGS}`,
  'submit-new-participant': `Usage:
  inferenced tx inference submit-new-participant [url] [flags]

Flags:
      --from string               Name or address of private key with which to sign
  -h, --help                      help for submit-new-participant
      --timeout-duration duration TimeoutDuration is the duration the transaction will be considered valid in the mempool
      --unordered                 Enable unordered transaction delivery; must be used in conjunction with --timeout-duration
      --validator-key string      Base64-encoded validator consensus public key
  -y, --yes                       Skip tx broadcasting prompt confirmation

${GLOBAL_FLAGS}`,
  'edit-validator': `Usage:
  inferenced tx staking edit-validator [flags]

Flags:
      --from string               Name or address of private key with which to sign
  -h, --help                      help for edit-validator
      --identity string           The (optional) identity signature (ex. UPort or Keybase) (default "[do-not-modify]")
      --new-moniker string        The validator's name (default "[do-not-modify]")
      --website string            The validator's (optional) website (default "[do-not-modify]")
  -y, --yes                       Skip tx broadcasting prompt confirmation

${GLOBAL_FLAGS}`,
  'register-new-participant': `Usage:
  inferenced register-new-participant <node-url> <account-public-key> [flags]

Flags:
      --consensus-key string   Base64-encoded validator consensus public key (optional). If not provided, will be auto-fetched from node status endpoint
  -h, --help                   help for register-new-participant
      --node-address string    Seed node address to send the request to. Example: http://node2.gonka.ai:8000

Global Flags:
      --home string         directory for config and data (default "{home}")
      --log_format string   The logging format (json|plain) (default "plain")
      --log_level string    The logging level (trace|debug|info|warn|error|fatal|panic|disabled or '*:<level>,<key>:<level>') (default "info")
      --log_no_color        Disable colored logs
      --trace               print out full stack trace on errors`,
  'grant-ml-ops-permissions': `Usage:
  inferenced tx inference grant-ml-ops-permissions <account-key-name> <ml-operational-address> [flags]

Flags:
  -a, --account-number uint         The account number of the signing account (offline mode only)
      --aux                         Generate aux signer data instead of sending a tx
  -b, --broadcast-mode string       Transaction broadcasting mode (sync|async) (default "sync")
      --chain-id string             The network chain ID (default "inference")
      --dry-run                     ignore the --gas flag and perform a simulation of a transaction, but don't broadcast it (when enabled, the local Keybase is not accessible)
      --fee-granter string          Fee granter grants fees for the transaction
      --fee-payer string            Fee payer pays fees for the transaction instead of deducting from the signer
      --fees string                 Fees to pay along with transaction; eg: 10uatom
      --from string                 Name or address of private key with which to sign
      --gas string                  gas limit to set per-transaction; set to "auto" to calculate sufficient gas automatically. Note: "auto" option doesn't always report accurate results. Set a valid coin value to adjust the result. Can be used instead of "fees". (default 200000)
      --gas-adjustment float        adjustment factor to be multiplied against the estimate returned by the tx simulation; if the gas limit is set manually this flag is ignored  (default 1)
      --gas-prices string           Gas prices in decimal format to determine the transaction fee (e.g. 0.1uatom)
      --generate-only               Build an unsigned transaction and write it to STDOUT (when enabled, the local Keybase only accessed when providing a key name)
  -h, --help                        help for grant-ml-ops-permissions
      --keyring-backend string      Select keyring's backend (os|file|kwallet|pass|test|memory) (default "test")
      --keyring-dir string          The client Keyring directory; if omitted, the default 'home' directory will be used
      --ledger                      Use a connected Ledger device
      --node string                 <host>:<port> to CometBFT rpc interface for this chain (default "tcp://localhost:26657")
      --note string                 Note to add a description to the transaction (previously --memo)
      --offline                     Offline mode (does not allow any online functionality)
  -o, --output string               Output format (text|json) (default "json")
  -s, --sequence uint               The sequence number of the signing account (offline mode only)
      --sign-mode string            Choose sign mode (direct|amino-json|direct-aux|textual), this is an advanced feature
      --timeout-duration duration   TimeoutDuration is the duration the transaction will be considered valid in the mempool. The transaction's unordered nonce will be set to the time of transaction creation + the duration value passed. If the transaction is still in the mempool, and the block time has passed the time of submission + TimeoutTimestamp, the transaction will be rejected.
      --timeout-height uint         DEPRECATED: Please use --timeout-duration instead. Set a block timeout height to prevent the tx from being committed past a certain height
      --tip string                  Tip is the amount that is going to be transferred to the fee payer on the target chain. This flag is only valid when used with --aux, and is ignored if the target chain didn't enable the TipDecorator
      --unordered                   Enable unordered transaction delivery; must be used in conjunction with --timeout-duration
  -y, --yes                         Skip tx broadcasting prompt confirmation

Global Flags:
      --home string         directory for config and data (default "{home}")
      --log_format string   The logging format (json|plain) (default "plain")
      --log_level string    The logging level (trace|debug|info|warn|error|fatal|panic|disabled or '*:<level>,<key>:<level>') (default "info")
      --log_no_color        Disable colored logs
      --trace               print out full stack trace on errors`,
};
