/** Facts 2.2: the keyring's password, providers' credentials, tokens, whatever is called like one. */
const SECRET_NAME = /PASSW|PASSPHRASE|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|MNEMONIC|CREDENTIAL|SERVICE_ACCOUNT|OTEL_HEADERS|AUTH_HEADER|(?:^|_)JWT(?:_|$)|(?:^|_)PGPASS/;
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name.toUpperCase());
