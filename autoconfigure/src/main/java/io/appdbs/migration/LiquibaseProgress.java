package io.appdbs.migration;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;

import io.appdbs.settings.DatabaseDefinition;
import liquibase.change.Change;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.ChangeSet.ExecType;
import liquibase.changelog.ChangeSet.RunStatus;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.visitor.ChangeExecListener;
import liquibase.database.Database;
import liquibase.exception.PreconditionErrorException;
import liquibase.exception.PreconditionFailedException;
import liquibase.lockservice.DatabaseChangeLogLock;
import liquibase.precondition.core.PreconditionContainer.ErrorOption;
import liquibase.precondition.core.PreconditionContainer.FailOption;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@link MigrationProgress} of Liquibase, which also knows the change set that has failed
 * and who holds the lock.
 */
final class LiquibaseProgress extends MigrationProgress implements ChangeExecListener {

	/** Value of Liquibase's scope with the progress of the current run. */
	static final String SCOPE_KEY = LiquibaseProgress.class.getName();

	private static final Log logger = LogFactory.getLog(MigrationProgress.class);

	private volatile boolean connected;

	private volatile @Nullable ChangeSet failed;

	private volatile boolean refused;

	private int executed;

	private volatile @Nullable String lock;

	LiquibaseProgress(DatabaseDefinition definition, Duration interval) {
		super(definition, interval);
	}

	void connected() {
		this.connected = true;
	}

	boolean isConnected() {
		return this.connected;
	}

	/**
	 * Returns the change set that has failed.
	 */
	@Nullable ChangeSet getFailed() {
		return this.failed;
	}

	/**
	 * Returns whether the change set was not executed because of its preconditions.
	 */
	boolean isRefused() {
		return this.refused;
	}

	/**
	 * Returns the number of change sets that this run has executed. Liquibase's
	 * deployment identifier is a time in milliseconds, so that of another instance may be
	 * equal.
	 */
	int getExecuted() {
		return this.executed;
	}

	/**
	 * Returns who holds the lock that Liquibase waits for, and since when.
	 * @return the end of a sentence or {@code null} if it does not wait
	 */
	@Nullable String getLock() {
		return this.lock;
	}

	/**
	 * Called each time another instance has been found to hold the lock.
	 * @param table the table with the lock
	 * @param holder the lock, or {@code null} if it has been released meanwhile
	 */
	void waitsFor(String table, @Nullable DatabaseChangeLogLock holder) {
		boolean first = this.lock == null;
		String since = (holder != null) ? since(holder.getLockGranted()) : "";
		this.lock = (holder != null) ? "'%s' has held the lock in '%s'%s".formatted(holder.getLockedBy(), table, since)
				: "another instance has held the lock in '%s'".formatted(table);
		if (first) {
			logger.info("Database '%s': waiting for Liquibase's lock, %s".formatted(getDefinition().name(), this.lock));
		}
	}

	void locked() {
		this.lock = null;
	}

	private static String since(@Nullable Date granted) {
		return (granted != null) ? " since " + Instant.ofEpochMilli(granted.getTime()) : "";
	}

	@Override
	protected String describeWaiting() {
		String lock = this.lock;
		return (lock != null) ? "no change set is running: " + lock : "no change set is running";
	}

	@Override
	public void willRun(ChangeSet changeSet, DatabaseChangeLog changeLog, Database database, RunStatus status) {
		begins(describe(changeSet));
	}

	@Override
	public void ran(ChangeSet changeSet, DatabaseChangeLog changeLog, Database database, ExecType type) {
		if (type.ran) {
			this.executed++;
		}
		ended();
	}

	@Override
	public void runFailed(ChangeSet changeSet, DatabaseChangeLog changeLog, Database database, Exception exception) {
		this.failed = changeSet;
		ended();
	}

	/**
	 * Returns the identity of a change set.
	 */
	static String describe(ChangeSet changeSet) {
		return "change set '%s' by '%s' in '%s'".formatted(changeSet.getId(), changeSet.getAuthor(),
				changeSet.getFilePath());
	}

	@Override
	public void willRollback(ChangeSet changeSet, DatabaseChangeLog changeLog, Database database) {
		begins("the rollback of " + describe(changeSet));
	}

	@Override
	public void rolledBack(ChangeSet changeSet, DatabaseChangeLog changeLog, Database database) {
		ended();
	}

	@Override
	public void rollbackFailed(ChangeSet changeSet, DatabaseChangeLog changeLog, Database database,
			Exception exception) {
		this.failed = changeSet;
		ended();
	}

	@Override
	public void preconditionFailed(PreconditionFailedException error, FailOption onFail) {
		this.refused = onFail == FailOption.HALT;
	}

	@Override
	public void preconditionErrored(PreconditionErrorException error, ErrorOption onError) {
		this.refused = onError == ErrorOption.HALT;
	}

	@Override
	public void willRun(Change change, ChangeSet changeSet, DatabaseChangeLog changeLog, Database database) {
	}

	@Override
	public void ran(Change change, ChangeSet changeSet, DatabaseChangeLog changeLog, Database database) {
	}

}
