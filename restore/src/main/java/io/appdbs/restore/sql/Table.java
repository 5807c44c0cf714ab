package io.appdbs.restore.sql;

import org.jspecify.annotations.Nullable;

/**
 * A table of the restored database.
 *
 * @param schema the schema or {@code null} if the server has none
 * @param name the name
 * @param isDefault whether statements find it without the schema
 */
public record Table(@Nullable String schema, String name, boolean isDefault) {

	/**
	 * Returns whether a user means this table.
	 * @param written {@code table} or {@code schema.table}
	 * @return whether the name is that of this table
	 */
	public boolean matches(String written) {
		return (this.isDefault && this.name.equals(written)) || written.equals(this.schema + "." + this.name);
	}

	/**
	 * Returns the name for statements.
	 * @param dialect the dialect
	 * @return the quoted name
	 */
	public String quoted(SqlDialect dialect) {
		String table = dialect.quote(this.name);
		return (this.schema != null) ? dialect.quote(this.schema) + "." + table : table;
	}

	@Override
	public String toString() {
		return (this.isDefault || this.schema == null) ? this.name : this.schema + "." + this.name;
	}

}
