package io.appdbs.rls.verify;

import io.appdbs.rls.verify.Catalog.Command;
import io.appdbs.rls.verify.Catalog.Policy;
import org.jspecify.annotations.Nullable;

/**
 * What a policy decides on. An UPDATE has two conditions: on the row as it is, and as it
 * will be.
 */
enum Access {

	READ(Command.SELECT, false), INSERT(Command.INSERT, true), UPDATE(Command.UPDATE, false),
	UPDATED(Command.UPDATE, true), DELETE(Command.DELETE, false);

	private final Command command;

	private final boolean check;

	Access(Command command, boolean check) {
		this.command = command;
		this.check = check;
	}

	Command command() {
		return this.command;
	}

	boolean isIn(Policy policy) {
		return this.command.is(policy.command());
	}

	/**
	 * Return whether the condition is that of WITH CHECK, if the policy has one.
	 */
	boolean isCheck() {
		return this.check;
	}

	@Nullable String condition(Policy policy) {
		return this.check ? policy.effectiveCheck() : policy.using();
	}

}
