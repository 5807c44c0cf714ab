package io.appdbs.mongo.inspection;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.mongodb.client.MongoClient;
import io.appdbs.credentials.FailedLogins;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.support.InspectionSession;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.mongo.MongoDatabaseConnector;
import io.appdbs.settings.InspectionSettings;
import org.jspecify.annotations.Nullable;

/**
 * Opens clients that inspect a MongoDB database, with the login of
 * {@code inspection.username}, or else that of the application.
 */
public final class MongoInspectionSessionFactory implements InspectionSession.Factory {

	private final DatabaseAccess database;

	private final FailedLogins logins = new FailedLogins();

	/**
	 * Commands that the server does not know. Servers log such a request as an error, so
	 * that each is sent once.
	 */
	private final Set<String> unknownCommands = ConcurrentHashMap.newKeySet();

	/**
	 * Creates a new {@link MongoInspectionSessionFactory}.
	 * @param database the database
	 */
	public MongoInspectionSessionFactory(DatabaseAccess database) {
		this.database = database;
	}

	@Override
	public InspectionSession open(Duration timeout) {
		DatabaseConnectionDetails details = this.database.getDetailsInUse();
		if (details == null || !(this.database.getConnector() instanceof MongoDatabaseConnector connector)) {
			throw new InspectionException(ReportStatus.UNAVAILABLE,
					"A bean of the application connects to the database, so it is not known how to log in for inspections.",
					null);
		}
		InspectionSettings settings = this.database.getDefinition().settings().inspection();
		long deadline = System.nanoTime() + timeout.toNanos();
		DatabaseConnectionDetails login = findLogin(details, settings);
		MongoClient client = connector.openSeparate(details, login, timeout, this.logins);
		String user = (login != null) ? login.username()
				: this.database.getDefinition().settings().applyCredentials(details).username();
		MongoCommands commands = new MongoCommands(client.getDatabase(String.valueOf(details.database())),
				client.getDatabase("admin"), user, settings.timeout(), deadline, this.unknownCommands);
		return new MongoInspectionSession(client, commands, settings);
	}

	private static @Nullable DatabaseConnectionDetails findLogin(DatabaseConnectionDetails details,
			InspectionSettings settings) {
		return (settings.username() != null) ? details.withCredentials(settings.username(), settings.password()) : null;
	}

}
