package io.appdbs.settings;

import java.nio.charset.Charset;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * SQL scripts that initialize a database, with the keys of {@code spring.sql.init}.
 *
 * @param schemaLocations Locations of the scripts that create the schema. By default,
 * 'schema-${platform}.sql' and 'schema.sql' in the folder 'classpath:/db/init/' that has
 * the name of the database.
 * @param dataLocations Locations of the scripts that insert data. By default,
 * 'data-${platform}.sql' and 'data.sql' in the folder 'classpath:/db/init/' that has the
 * name of the database.
 * @param platform Platform in the file names of the scripts.
 * @param username Login username for the scripts. By default, that of the database.
 * @param password Login password for the scripts.
 * @param continueOnError Whether to continue if a statement fails.
 * @param separator Separator of the statements.
 * @param encoding Encoding of the scripts. By default, that of the platform.
 * @param mode When to execute the scripts: 'always', only if the database is 'embedded',
 * or 'never'.
 */
public record SqlInitSettings(@DefaultValue List<String> schemaLocations, @DefaultValue List<String> dataLocations,
		@DefaultValue("all") String platform, @Nullable String username, @Nullable String password,
		boolean continueOnError, @DefaultValue(";") String separator, @Nullable Charset encoding,
		@DefaultValue("embedded") Mode mode) {

	public SqlInitSettings {
		schemaLocations = List.copyOf(schemaLocations);
		dataLocations = List.copyOf(dataLocations);
		username = (username != null && !username.isEmpty()) ? username : null;
		password = (password != null && !password.isEmpty()) ? password : null;
	}

	/**
	 * Returns the settings that are not secret.
	 */
	@Override
	public String toString() {
		return "SqlInitSettings[mode=" + this.mode + "]";
	}

	/**
	 * When scripts are executed.
	 */
	public enum Mode {

		/**
		 * Each time the application opens the database.
		 */
		ALWAYS,

		/**
		 * As always, but only for a database on an embedded server or in memory.
		 */
		EMBEDDED,

		/**
		 * Never.
		 */
		NEVER

	}

}
