package io.appdbs.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Requirements for the application to be ready.
 *
 * @param timeout Maximum time for connecting to a required database before the start of
 * the application fails.
 * @param requiredTables Tables that must exist after the migrations, as 'table' or
 * 'schema.table', in double quotes if the case matters. Relational databases only.
 * @param requiredColumns Columns that must exist after the migrations, as 'table.column',
 * with the type if it matters: 'orders.amount: number'. Relational databases only.
 * @param requiredIndexes Indexes that must exist after the migrations, by their columns:
 * 'orders(customer_id, created)', with 'unique' at the end if they must be unique.
 * @param requiredCollections Collections that must exist after the migrations. MongoDB
 * only.
 */
public record StartupSettings(@DefaultValue("30s") Duration timeout, @DefaultValue List<String> requiredTables,
		@DefaultValue List<String> requiredColumns, @DefaultValue List<String> requiredIndexes,
		@DefaultValue List<String> requiredCollections) {

	public StartupSettings {
		requiredTables = List.copyOf(requiredTables);
		requiredColumns = List.copyOf(requiredColumns);
		requiredIndexes = join(requiredIndexes);
		requiredCollections = List.copyOf(requiredCollections);
	}

	/**
	 * Joins what has been separated at the commas between the columns of an index, as in
	 * a list that is written as one value.
	 */
	private static List<String> join(List<String> entries) {
		List<String> joined = new ArrayList<>();
		for (String entry : entries) {
			int last = joined.size() - 1;
			if (last >= 0 && joined.get(last).indexOf('(') >= 0 && joined.get(last).indexOf(')') < 0
					&& entry.indexOf('(') < 0) {
				joined.set(last, joined.get(last) + ", " + entry);
			}
			else {
				joined.add(entry);
			}
		}
		return List.copyOf(joined);
	}

	/**
	 * Returns the same settings without requirements.
	 * @return a copy
	 */
	StartupSettings withoutRequirements() {
		return new StartupSettings(this.timeout, List.of(), List.of(), List.of(), List.of());
	}

}
