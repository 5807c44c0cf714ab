package io.appdbs.migration;

import java.util.Arrays;

import liquibase.Scope;
import liquibase.database.Database;
import liquibase.exception.LockException;
import liquibase.lockservice.DatabaseChangeLogLock;
import liquibase.lockservice.StandardLockService;

/**
 * {@link StandardLockService} for the databases of the starter, which reports who holds
 * the lock, and stops waiting when the application is closed. Liquibase finds it with
 * {@link java.util.ServiceLoader}.
 */
public final class ReportingLockService extends StandardLockService {

	/**
	 * Takes precedence over the standard service only, and not over those of extensions.
	 */
	@Override
	public int getPriority() {
		return PRIORITY_DEFAULT + 1;
	}

	@Override
	public boolean supports(Database database) {
		return Scope.getCurrentScope().has(LiquibaseProgress.SCOPE_KEY);
	}

	@Override
	public boolean acquireLock() throws LockException {
		LiquibaseProgress progress = Scope.getCurrentScope().get(LiquibaseProgress.SCOPE_KEY, LiquibaseProgress.class);
		if (!hasChangeLogLock() && Thread.currentThread().isInterrupted()) {
			throw new LockException("The application was closed while Liquibase waited for its lock");
		}
		boolean acquired = super.acquireLock();
		if (acquired) {
			progress.locked();
		}
		else {
			DatabaseChangeLogLock holder = Arrays.stream(listLocks()).findFirst().orElse(null);
			progress.waitsFor(this.database.getDatabaseChangeLogLockTableName(), holder);
		}
		return acquired;
	}

}
