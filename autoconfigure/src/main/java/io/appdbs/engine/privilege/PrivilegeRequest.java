package io.appdbs.engine.privilege;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What to read about a login.
 *
 * @param role the role that statements run as or {@code null} if it is the login
 * @param owner the login of the migrations, which should own tables, or {@code null} if
 * it is not a separate one
 * @param histories the tables with the history of migrations
 * @param tables whether to read the privileges on all tables
 */
public record PrivilegeRequest(@Nullable String role, @Nullable String owner, List<HistoryTable> histories,
		boolean tables) {

	public PrivilegeRequest {
		histories = List.copyOf(histories);
	}

	/**
	 * Returns whether a table has the history of migrations.
	 * @param schema the schema as the server stores it
	 * @param table the table as the server stores it
	 * @return whether it is one of the tables
	 */
	public boolean isHistory(@Nullable String schema, String table) {
		return this.histories.stream()
			.anyMatch((history) -> history.table().equalsIgnoreCase(table)
					&& (history.schema() == null || history.schema().equalsIgnoreCase(schema)));
	}

	/**
	 * A table with the history of migrations.
	 *
	 * @param schema the schema or {@code null} for any
	 * @param table the table
	 */
	public record HistoryTable(@Nullable String schema, String table) {

	}

}
