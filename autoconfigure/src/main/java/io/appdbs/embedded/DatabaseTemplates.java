package io.appdbs.embedded;

import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Knows what databases are filled with.
 */
public interface DatabaseTemplates {

	/**
	 * Return the template of a database.
	 * @param definition the database, whose target is not asked for
	 * @return the template or {@code null} if the database begins empty
	 */
	@Nullable DatabaseTemplate getTemplate(DatabaseDefinition definition);

}
