package io.appdbs.inspection.support;

import java.util.List;
import java.util.function.Supplier;

import io.appdbs.PoolAdvice;
import io.appdbs.PoolUsage;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.Severity;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Finds that the pool of the application should have another size. Asks nothing of the
 * server.
 *
 * @param definition the database
 * @param usage supplies the usage of the pool, {@code null} if it is not known
 */
record PoolSizeCheck(DatabaseDefinition definition, Supplier<@Nullable PoolUsage> usage) {

	static final String KIND = "pool-size";

	List<Finding> find() {
		PoolUsage usage = this.usage.get();
		PoolAdvice advice = (usage != null) ? usage.advice() : null;
		if (usage == null || advice == null || advice.recommended() == usage.maximum()) {
			return List.of();
		}
		boolean tooSmall = advice.recommended() > usage.maximum();
		return List.of(Finding.of(KIND, tooSmall ? Severity.WARN : Severity.INFO, this.definition.name(), null,
				"The pool is too %s: %s.".formatted(tooSmall ? "small" : "large", advice.reason()),
				"Set '%s' to %d in each instance of the application%s.".formatted(this.definition.key("pool.max-size"),
						advice.recommended(),
						tooSmall ? ", unless the server is busy: then more connections make all of them slower" : "")));
	}

}
