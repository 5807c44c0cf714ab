package io.appdbs.testsupport.server;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Condition of {@link RequiresPrometheus}.
 */
class PrometheusCondition implements ExecutionCondition {

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (PrometheusServer.isInstalled()) {
			return ConditionEvaluationResult.enabled("Prometheus is installed");
		}
		String reason = "Prometheus is not installed in " + PrometheusServer.PROGRAMS;
		System.out.println("SKIPPED %s: %s".formatted(context.getDisplayName(), reason));
		return ConditionEvaluationResult.disabled(reason);
	}

}
