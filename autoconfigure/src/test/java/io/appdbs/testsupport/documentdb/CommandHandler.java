package io.appdbs.testsupport.documentdb;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Executes the commands of clients: checks the login, the role of the member and the
 * failures that a test wants, and runs the commands of a transaction on its connection.
 */
final class CommandHandler {

	private static final Set<String> WITHOUT_LOGIN = Set.of("hello", "ismaster", "buildinfo", "ping", "saslstart",
			"saslcontinue", "getparameter", "endsessions");

	private static final Set<String> READS = Set.of("find", "aggregate", "count", "distinct", "getMore",
			"listCollections", "listIndexes", "listDatabases", "dbStats", "collStats", "explain");

	private static final int MAX_ATTEMPTS = 50;

	private final ServerState state;

	CommandHandler(ServerState state) {
		this.state = state;
	}

	/**
	 * Executes a command.
	 * @param login the login of the connection
	 * @return the reply
	 * @throws IOException if the connection is to be closed
	 */
	BsonDocument handle(BsonDocument command, Member member, ScramLogin login) throws IOException {
		String name = command.getFirstKey();
		Failure failure = this.state.failures().next(name);
		pause(failure);
		BsonDocument reply = failure.isExecuted() ? reply(command, member, login)
				: label(failure.toException(), command).toReply();
		if (failure.connectionClosed()) {
			throw new IOException("closed by a failure");
		}
		return reply;
	}

	private static void pause(Failure failure) throws IOException {
		try {
			TimeUnit.NANOSECONDS.sleep(failure.delay().toNanos());
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	private BsonDocument reply(BsonDocument command, Member member, ScramLogin login) throws IOException {
		this.state.count(command.getFirstKey());
		try {
			return execute(command, member, login);
		}
		catch (CommandException ex) {
			return label(ex, command).toReply();
		}
		catch (SQLException ex) {
			return label(ErrorCodes.translate(ex), command).toReply();
		}
		catch (RuntimeException ex) {
			return new CommandException(ErrorCodes.UNKNOWN, ex.toString()).toReply();
		}
	}

	private static CommandException label(CommandException ex, BsonDocument command) {
		boolean transaction = command.containsKey("autocommit");
		boolean commit = command.getFirstKey().equals("commitTransaction");
		boolean retryable = ErrorCodes.isRetryable(ex.getCode());
		if (!ex.isUnlabeled()) {
			return ex;
		}
		if (transaction && (ex.getCode() == ErrorCodes.WRITE_CONFLICT || ex.getCode() == ErrorCodes.NO_SUCH_TRANSACTION
				|| (retryable && !commit))) {
			return ex.withLabel("TransientTransactionError");
		}
		return (retryable && command.containsKey("txnNumber")) ? ex.withLabel("RetryableWriteError") : ex;
	}

	private BsonDocument execute(BsonDocument command, Member member, ScramLogin login)
			throws CommandException, SQLException, IOException {
		String name = command.getFirstKey();
		if (command.containsKey("lsid")) {
			// known from now on, whatever the command is
			this.state.sessions().get(command.getDocument("lsid"));
		}
		if (!WITHOUT_LOGIN.contains(name.toLowerCase()) && !this.state.users().isAllowed(login.getUser())) {
			throw new CommandException(ErrorCodes.UNAUTHORIZED, "Command " + name + " requires authentication");
		}
		return switch (name.toLowerCase()) {
			case "hello", "ismaster" -> member.hello(command);
			case "buildinfo" -> BsonDocument.parse("{version: '7.0.0', versionArray: [7, 0, 0, 0], documentdb: '1.0',"
					+ " maxBsonObjectSize: 16777216, ok: 1.0}");
			case "ping", "refreshsessions", "killsessions", "logout" -> SqlCommands.ok();
			case "getparameter" -> throw new CommandException(72, "no option found to get");
			case "saslstart" -> login.start(command);
			case "saslcontinue" -> login.proceed(command);
			case "endsessions" -> endSessions(command);
			case "killcursors" -> killCursors(command);
			case "connectionstatus" ->
				BsonDocument.parse("{authInfo: {authenticatedUsers: [], authenticatedUserRoles: []}, ok: 1.0}");
			default -> {
				checkRole(command, member);
				yield executeInSession(command);
			}
		};
	}

	private BsonDocument endSessions(BsonDocument command) throws SQLException {
		this.state.sessions().end(command.getArray("endSessions"));
		return SqlCommands.ok();
	}

	private BsonDocument killCursors(BsonDocument command) {
		this.state.cursors().kill(command.getArray("cursors"));
		return SqlCommands.ok().append("cursorsKilled", command.getArray("cursors"));
	}

	private static void checkRole(BsonDocument command, Member member) throws CommandException {
		if (member.isPrimary() || command.getFirstKey().equals("abortTransaction")) {
			return;
		}
		if (!READS.contains(command.getFirstKey()) || command.containsKey("autocommit")) {
			throw new CommandException(ErrorCodes.NOT_WRITABLE_PRIMARY, "not primary");
		}
		BsonString primary = new BsonString("primary");
		if (command.getDocument("$readPreference", new BsonDocument("mode", primary)).get("mode").equals(primary)) {
			throw new CommandException(ErrorCodes.NOT_PRIMARY_NO_SECONDARY_OK, "not primary and secondaryOk=false");
		}
	}

	private BsonDocument executeInSession(BsonDocument command) throws CommandException, SQLException {
		Session session = command.containsKey("lsid") ? this.state.sessions().get(command.getDocument("lsid")) : null;
		if (session == null || !command.containsKey("txnNumber")) {
			return executeOutside(command);
		}
		long number = command.getNumber("txnNumber").longValue();
		if (command.containsKey("autocommit")) {
			return executeInside(session, number, command);
		}
		BsonDocument reply = session.findReply(number);
		if (reply == null) {
			reply = executeOutside(command);
			session.remember(number, reply);
		}
		return reply;
	}

	private BsonDocument executeInside(Session session, long number, BsonDocument command)
			throws CommandException, SQLException {
		switch (command.getFirstKey()) {
			case "commitTransaction" -> session.commit(number);
			case "abortTransaction" -> session.abort();
			default -> {
				if (command.containsKey("startTransaction")) {
					session.begin(number);
				}
				return session.execute(number, (connection) -> this.state.commands().execute(connection, command))
					.reply();
			}
		}
		return SqlCommands.ok();
	}

	// a server retries such a write itself if it conflicts with another one
	private BsonDocument executeOutside(BsonDocument command) throws CommandException, SQLException {
		for (int attempt = 1;; attempt++) {
			try {
				return executeOnce(command);
			}
			catch (SQLException ex) {
				if (attempt == MAX_ATTEMPTS || ErrorCodes.translate(ex).getCode() != ErrorCodes.WRITE_CONFLICT) {
					throw ex;
				}
			}
			catch (CommandException ex) {
				if (attempt == MAX_ATTEMPTS || ex.getCode() != ErrorCodes.WRITE_CONFLICT) {
					throw ex;
				}
			}
		}
	}

	private BsonDocument executeOnce(BsonDocument command) throws CommandException, SQLException {
		Connection connection = this.state.connections().take();
		boolean kept = false;
		try {
			Cursors.Page page = this.state.commands().execute(connection, command);
			kept = page.kept();
			return page.reply();
		}
		finally {
			if (!kept) {
				this.state.connections().release(connection);
			}
		}
	}

}
