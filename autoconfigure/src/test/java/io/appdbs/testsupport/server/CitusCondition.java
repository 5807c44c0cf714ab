package io.appdbs.testsupport.server;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * {@link ExecutionCondition} for {@link RequiresCitus}.
 */
class CitusCondition implements ExecutionCondition {

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (CitusServer.find() != null) {
			return ConditionEvaluationResult.enabled("There is a coordinator of Citus");
		}
		String reason = "SKIPPED %s: the system property '%s' names no coordinator of Citus"
			.formatted(context.getDisplayName(), CitusServer.PROPERTY);
		System.out.println(reason);
		return ConditionEvaluationResult.disabled(reason);
	}

}
