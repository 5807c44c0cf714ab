package io.appdbs.restore.dump;

import java.nio.file.Path;

import io.appdbs.restore.program.ServerVersion;
import org.jspecify.annotations.Nullable;

/**
 * A dump, as far as its header describes it.
 *
 * @param path the file or folder
 * @param format the format
 * @param server the server that was dumped or {@code null} if the dump does not say
 * @param database the name of the database that was dumped or {@code null} if the dump
 * does not say
 * @param toolVersion the first number of the version of the program that dumped; 0 if the
 * dump does not say
 */
public record Dump(Path path, Format format, @Nullable ServerVersion server, @Nullable String database,
		int toolVersion) {

	/**
	 * Returns whether the dump is one of the product of a server.
	 * @param target the server
	 * @return whether the dump can be restored into servers of the product
	 */
	public boolean isFor(ServerVersion target) {
		if (this.server != null) {
			return this.server.product().equals(target.product());
		}
		return (this.format != Format.MYSQL_SQL) == target.product().equals(ServerVersion.POSTGRESQL);
	}

	/**
	 * The format of a dump.
	 */
	public enum Format {

		/**
		 * The custom, directory or tar format of {@code pg_dump}.
		 */
		POSTGRES_ARCHIVE,

		/**
		 * SQL of {@code pg_dump}.
		 */
		POSTGRES_SQL,

		/**
		 * SQL of {@code mysqldump} or {@code mariadb-dump}.
		 */
		MYSQL_SQL

	}

}
