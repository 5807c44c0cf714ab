package io.appdbs.bean.jpa;

import java.sql.SQLException;

import io.appdbs.DatabaseStartException;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.Causes;
import jakarta.persistence.PersistenceException;
import org.hibernate.HibernateException;

import org.springframework.core.NestedExceptionUtils;

/**
 * Describes why a persistence unit could not be built.
 */
final class PersistenceUnitFailure {

	private PersistenceUnitFailure() {
	}

	/**
	 * Returns an exception that names the database, with a failure analysis.
	 * @param database the name of the database
	 * @param failure the failure
	 * @return the exception or the failure itself if it is not one of JPA
	 */
	static Throwable describe(String database, Throwable failure) {
		if (!(failure instanceof PersistenceException) && !(failure instanceof HibernateException)) {
			return failure;
		}
		String message = "Database '%s': the persistence unit could not be built: %s".formatted(database,
				NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
		if (Causes.find(SQLException.class, failure) != null) {
			return new DatabaseStartException(database, message,
					"Fix the problem described above. If the database was not available, start the application again.",
					TroubleshootingSection.PERSISTENCE_UNIT, failure);
		}
		return new InvalidDatabaseConfigurationException(database, null, message,
				"Correct the mapping of the entities of the database, its 'jpa' keys, or its schema.", failure)
			.in(TroubleshootingSection.PERSISTENCE_UNIT);
	}

}
