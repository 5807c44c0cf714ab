package io.appdbs.mongo.inspection;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.mongodb.client.MongoClient;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.ServerReadings;
import io.appdbs.engine.inspection.UnusedIndexes;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import io.appdbs.inspection.support.InspectionSession;
import io.appdbs.settings.InspectionSettings;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A client with one connection that inspects a MongoDB database. It only sends commands
 * that read.
 */
final class MongoInspectionSession implements InspectionSession {

	private static final Duration LONG_OPERATION = Duration.ofMinutes(5);

	private final MongoClient client;

	private final MongoCommands commands;

	private final MongoCollections collections;

	private final MongoOperations operations;

	private final MongoIndexChecks indexChecks;

	MongoInspectionSession(MongoClient client, MongoCommands commands, InspectionSettings settings) {
		this(client, commands, settings, LONG_OPERATION);
	}

	MongoInspectionSession(MongoClient client, MongoCommands commands, InspectionSettings settings,
			Duration longOperation) {
		this.client = client;
		this.commands = commands;
		this.collections = new MongoCollections(commands, settings.limit());
		this.operations = new MongoOperations(commands, settings.limit(), longOperation);
		this.indexChecks = new MongoIndexChecks(commands, client.getClusterDescription(), settings.limit(),
				settings.findings().minimumAge(), settings.findings().minimumSize().toBytes());
	}

	@Override
	public Sample<SizeReport> readSize() {
		return this.collections.readSize();
	}

	@Override
	public Sample<List<TableReport>> readTables() {
		return this.collections.readTables();
	}

	@Override
	public Sample<List<IndexReport>> readIndexes() {
		return this.collections.readIndexes();
	}

	@Override
	public Sample<ActivityReport> readActivity() {
		return this.operations.readActivity();
	}

	@Override
	public Sample<List<StatementReport>> readStatements() {
		throw InspectionException.unsupported(
				"MongoDB does not count statements. Set 'slow-query-threshold' to log slow ones of this application.");
	}

	@Override
	public List<Check> getChecks() {
		return List.of(new Check("duplicate-index", Duration.ZERO, this.indexChecks::findDuplicates),
				new Check("long-transaction", Duration.ZERO, this.operations::findLongOperations));
	}

	@Override
	public UnusedIndexes readUnusedIndexes() {
		return this.indexChecks.readUnused();
	}

	@Override
	public String getDropIndexStatement(IndexReport index) {
		return MongoIndexChecks.toDropCommand(index.table(), index.name().substring(index.table().length() + 1));
	}

	/**
	 * Returns when the server was started, which is when it began to count.
	 */
	@Override
	public @Nullable Instant readStatisticsSince() {
		try {
			Long uptime = MongoCollections.number(readServerStatus(), "uptime");
			return (uptime != null) ? Instant.now().minusSeconds(uptime) : null;
		}
		catch (InspectionException ex) {
			return orNull(ex);
		}
	}

	private Document readServerStatus() {
		return this.commands.runOnServer("the figures of the server", new Document("serverStatus", 1));
	}

	private static <T> @Nullable T orNull(InspectionException failure) {
		if (failure.getStatus() == ReportStatus.TIMED_OUT) {
			throw failure;
		}
		return null;
	}

	/**
	 * Reads the size of the database, and the cache of the server.
	 */
	@Override
	public ServerReadings readReadings() {
		Long bytes = readSize().value().bytes();
		Document status = readServerStatusOrNothing();
		Document cache = status.get("wiredTiger", new Document()).get("cache", new Document());
		Long requested = MongoCollections.number(cache, "pages requested from the cache");
		Long misses = MongoCollections.number(cache, "pages read into cache");
		return new ServerReadings(bytes, (requested != null && misses != null) ? Math.max(0, requested - misses) : null,
				misses, null, null, null, null);
	}

	private Document readServerStatusOrNothing() {
		try {
			return readServerStatus();
		}
		catch (InspectionException ex) {
			orNull(ex);
			return new Document();
		}
	}

	@Override
	public InspectionException translate(Exception failure) {
		return MongoCommands.translate(failure);
	}

	/**
	 * Sends no further command. The driver ends the one that is running at its time
	 * limit, which is at most that of the inspection.
	 */
	@Override
	public void abort() {
		this.commands.abort();
	}

	@Override
	public void close() {
		this.client.close();
	}

}
