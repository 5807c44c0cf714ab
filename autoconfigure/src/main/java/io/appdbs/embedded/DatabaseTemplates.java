package io.appdbs.embedded;

import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Supplies the templates of databases.
 */
public interface DatabaseTemplates {

	/**
	 * Returns the template of a database.
	 * @param definition the database; its connection details are not read
	 * @return the template or {@code null} if the database starts empty
	 */
	@Nullable DatabaseTemplate getTemplate(DatabaseDefinition definition);

}
