package io.appdbs.rls.verify.catalog;

import io.appdbs.rls.verify.catalog.Catalog.Command;
import io.appdbs.rls.verify.catalog.Catalog.Policy;
import org.jspecify.annotations.Nullable;

/**
 * What a policy decides on. An UPDATE has two conditions: on the row as it is, and as it
 * will be.
 */
public enum Access {

	/** Rows that are read. */
	READ(Command.SELECT, false),
	/** Rows that are inserted. */
	INSERT(Command.INSERT, true),
	/** Rows that are updated. */
	UPDATE(Command.UPDATE, false),
	/** Rows as they are after an update. */
	UPDATED(Command.UPDATE, true),
	/** Rows that are deleted. */
	DELETE(Command.DELETE, false);

	private final Command command;

	private final boolean check;

	Access(Command command, boolean check) {
		this.command = command;
		this.check = check;
	}

	public Command command() {
		return this.command;
	}

	public boolean isIn(Policy policy) {
		return this.command.is(policy.command());
	}

	/**
	 * Returns whether the condition is that of WITH CHECK, if the policy has one.
	 * @return whether the condition is that of WITH CHECK, if the policy has one
	 */
	public boolean isCheck() {
		return this.check;
	}

	@Nullable String condition(Policy policy) {
		return this.check ? policy.effectiveCheck() : policy.using();
	}

}
