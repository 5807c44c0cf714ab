package io.appdbs.restore;

import io.appdbs.restore.sql.ScratchDatabase;

/**
 * A server that a backup is restored into, and its database.
 *
 * @param database the database
 * @param stop stops the server and deletes its data; does nothing for a server that the
 * check has not started
 */
record ScratchServer(ScratchDatabase database, Runnable stop) {

	/**
	 * Stops the server, even if the thread is interrupted.
	 */
	void closeUninterruptibly() {
		closeUninterruptibly(this.stop);
	}

	static void closeUninterruptibly(Runnable stop) {
		boolean interrupted = Thread.interrupted();
		try {
			stop.run();
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
