package io.appdbs.inspection;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * An index. What the engine does not report is {@code null}.
 *
 * @param name the name, with the schema if there is one, as SQL writes it
 * @param table the name of the table or collection, likewise
 * @param columns the columns or fields in order, or expressions in their place
 * @param unique whether it is unique
 * @param valid whether it is usable: {@code false} if creating it failed or is not over
 * @param bytes the size in bytes
 * @param scans how often it was used since the statistics began
 * @param usedAt when it was last used
 */
public record IndexReport(String name, String table, List<String> columns, boolean unique, boolean valid,
		@Nullable Long bytes, @Nullable Long scans, @Nullable Instant usedAt) {

	public IndexReport {
		columns = List.copyOf(columns);
	}

}
