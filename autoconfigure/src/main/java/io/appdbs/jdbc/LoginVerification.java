package io.appdbs.jdbc;

import java.sql.SQLException;
import java.util.List;

import io.appdbs.PreparationReport;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.lifecycle.DatabasePreparation;
import io.appdbs.settings.DatabaseDefinition;

/**
 * Repeats the preparations that verify a login.
 *
 * @param definition the database
 * @param preparations all preparations of a database
 * @param logins the logins that the server has rejected
 */
record LoginVerification(DatabaseDefinition definition, List<DatabasePreparation> preparations, FailedLogins logins) {

	/**
	 * Verifies a login that has not been used yet.
	 */
	List<PreparationReport> verify(DatabaseConnectionDetails details) throws Exception {
		List<DatabasePreparation> verifications = this.preparations.stream()
			.filter(DatabasePreparation::isVerificationOfLogin)
			.toList();
		return DatabasePreparation.prepareAll(verifications, this.definition, details);
	}

	/**
	 * Verifies the login in use, unless the server has rejected it a moment ago.
	 */
	List<PreparationReport> verifyAgain(DatabaseConnectionDetails details, JdbcEngine engine) throws Exception {
		if (this.logins.check(details) instanceof SQLException rejection) {
			throw rejection;
		}
		try {
			return verify(details);
		}
		catch (SQLException ex) {
			if (engine.classify(ex).isLoginRefused()) {
				this.logins.refused(details, ex);
			}
			throw ex;
		}
	}

}
