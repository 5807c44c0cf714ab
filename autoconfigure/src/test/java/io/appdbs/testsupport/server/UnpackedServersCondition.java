package io.appdbs.testsupport.server;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Condition of {@link RequiresMySql} and {@link RequiresDocumentDb}.
 */
class UnpackedServersCondition implements ExecutionCondition {

	private final ServersFolder folder;

	UnpackedServersCondition() {
		this(ServersFolder.get());
	}

	UnpackedServersCondition(ServersFolder folder) {
		this.folder = folder;
	}

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (this.folder.isComplete()) {
			return ConditionEvaluationResult.enabled("The servers are unpacked");
		}
		boolean mySql = AnnotationSupport.isAnnotated(context.getElement(), RequiresMySql.class);
		return ConditionEvaluationResult
			.disabled((mySql ? "MySQL 9.7" : "DocumentDB 1.0") + " is not unpacked: run .ci/servers");
	}

}
