package io.appdbs.cache;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NamedThreadLocal;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions of one database, by thread. Spring knows the synchronizations of the
 * innermost transaction only, which may be one of another database. Therefore, the
 * transaction manager reports each transaction when it begins, and that is when the
 * changes are registered with it.
 */
final class CacheTransactions {

	private final ThreadLocal<@Nullable CacheChanges> innermost = new NamedThreadLocal<>("Changes of caches");

	/**
	 * Returns the changes that wait for the current transaction.
	 * @return the changes or {@code null} if the thread has no transaction of the
	 * database, or has suspended it
	 */
	@Nullable CacheChanges getChanges() {
		CacheChanges changes = this.innermost.get();
		return (changes != null && changes.isCurrent()) ? changes : null;
	}

	TransactionExecutionListener createListener(PlatformTransactionManager manager) {
		Object resource = (manager instanceof ResourceTransactionManager known) ? known.getResourceFactory() : null;
		return new Listener(resource);
	}

	private void begin(TransactionExecution transaction, @Nullable Object resource) {
		CacheChanges changes = new CacheChanges(transaction, resource, this.innermost.get(), this::end);
		this.innermost.set(changes);
		if (transaction instanceof DefaultTransactionStatus status && status.isNewSynchronization()) {
			TransactionSynchronizationManager.registerSynchronization(changes);
		}
	}

	private void end(CacheChanges changes) {
		if (this.innermost.get() == changes) {
			if (changes.getOuter() != null) {
				this.innermost.set(changes.getOuter());
			}
			else {
				this.innermost.remove();
			}
		}
	}

	/**
	 * Reports the transactions of a manager. A manager without synchronization reports
	 * their end as well.
	 */
	private final class Listener implements TransactionExecutionListener {

		private final @Nullable Object resource;

		Listener(@Nullable Object resource) {
			this.resource = resource;
		}

		@Override
		public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
			CacheChanges outer = getChanges();
			if (beginFailure == null && transaction.isNewTransaction()) {
				begin(transaction, this.resource);
			}
			else if (beginFailure == null && transaction.isNested() && outer != null) {
				// the synchronizations of an inner transaction of another database do not
				// tell
				outer.savepoint(transaction);
			}
		}

		@Override
		public void afterCommit(TransactionExecution transaction, @Nullable Throwable commitFailure) {
			complete(transaction, (commitFailure != null) ? TransactionSynchronization.STATUS_UNKNOWN
					: TransactionSynchronization.STATUS_COMMITTED);
		}

		@Override
		public void afterRollback(TransactionExecution transaction, @Nullable Throwable rollbackFailure) {
			complete(transaction, (rollbackFailure != null) ? TransactionSynchronization.STATUS_UNKNOWN
					: TransactionSynchronization.STATUS_ROLLED_BACK);
		}

		private void complete(TransactionExecution transaction, int status) {
			CacheChanges changes = CacheTransactions.this.innermost.get();
			if (changes != null && changes.isOf(transaction)) {
				changes.afterCompletion(status);
			}
			else if (changes != null && status != TransactionSynchronization.STATUS_COMMITTED) {
				changes.savepointRollback(transaction);
			}
		}

	}

}
