package io.appdbs.restore;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.util.List;

import io.appdbs.restore.program.Programs;
import io.appdbs.restore.program.RestoreFailure;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Skips tests if programs that they need are not installed.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresPrograms.Condition.class)
public @interface RequiresPrograms {

	/**
	 * The names of the programs.
	 */
	String[] value();

	/**
	 * Finds the programs where a check finds them.
	 */
	class Condition implements ExecutionCondition {

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			String[] names = AnnotationSupport.findAnnotation(context.getElement(), RequiresPrograms.class)
				.map(RequiresPrograms::value)
				.orElse(new String[0]);
			for (String name : names) {
				if (find(name) != null) {
					continue;
				}
				return ConditionEvaluationResult.disabled(name + " is not installed");
			}
			return ConditionEvaluationResult.enabled("Installed: " + List.of(names));
		}

		static Path find(String name) {
			try {
				return new Programs(null).findFirst("", name);
			}
			catch (RestoreFailure ex) {
				return null;
			}
		}

	}

}
