import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';

type Connection = Awaited<ReturnType<PrismaBetterSqlite3['connect']>>;

/**
 * The adapter has one connection for everything: a statement that came while somebody else's transaction was open became
 * part of it, was reported as written, and went with that one's rollback. Here it waits until the transaction is over.
 */
function oneAtATime(connection: Connection): Connection {
  let open: Promise<void> | undefined;
  // Taken before they are replaced: the statements of a transaction don't come by these.
  const [query, execute, begin] = [connection.queryRaw.bind(connection), connection.executeRaw.bind(connection), connection.startTransaction.bind(connection)];
  // Each looks for itself, and goes on in the same turn: between a look and what follows nobody else may begin.
  connection.queryRaw = async (given) => {
    while (open) await open;
    return query(given);
  };
  connection.executeRaw = async (given) => {
    while (open) await open;
    return execute(given);
  };
  connection.startTransaction = async (isolation) => {
    while (open) await open;
    const { promise, resolve } = Promise.withResolvers<void>();
    open = promise;
    const over = () => {
      open = undefined;
      resolve();
    };
    try {
      const transaction = await begin(isolation);
      const [commit, rollback] = [transaction.commit.bind(transaction), transaction.rollback.bind(transaction)];
      transaction.commit = () => commit().finally(over);
      transaction.rollback = async () => {
        // A COMMIT that failed may have left SQLite in the transaction, and the adapter only lets go of its own lock.
        try {
          await connection.executeScript('ROLLBACK');
        } catch {
          // It is rolled back already.
        }
        return rollback().finally(over);
      };
      return transaction;
    } catch (error) {
      over();
      throw error;
    }
  };
  return connection;
}

/** better-sqlite3 for Prisma, whose transactions are nobody else's, and whose commits survive a power cut. */
export class PanelSqlite extends PrismaBetterSqlite3 {
  async connect(): Promise<Connection> {
    const connection = await super.connect();
    // Otherwise what was journaled in the last half minute is gone after a power cut, and what was done by it isn't.
    await connection.executeScript('PRAGMA synchronous = FULL');
    return oneAtATime(connection);
  }
}
