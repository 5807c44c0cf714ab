package io.appdbs.testsupport.server;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Condition of {@link RequiresPgBackRest}.
 */
class PgBackRestCondition implements ExecutionCondition {

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (PgBackRestServer.findPgBackRest() == null) {
			return ConditionEvaluationResult.disabled("The command 'pgbackrest' is not installed");
		}
		return (PgBackRestServer.findPrograms() != null)
				? ConditionEvaluationResult.enabled("pgBackRest and PostgreSQL are installed")
				: ConditionEvaluationResult
					.disabled("PostgreSQL is not installed in " + PgBackRestServer.INSTALLATIONS);
	}

}
