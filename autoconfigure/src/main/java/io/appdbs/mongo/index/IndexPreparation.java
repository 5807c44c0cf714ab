package io.appdbs.mongo.index;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.mongodb.client.MongoDatabase;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.mongo.MongoModel;
import io.appdbs.mongo.MongoPreparation;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * {@link MongoPreparation} that compares the indexes of the server with those of the
 * entities. Missing ones of collections without documents are created at once, which
 * takes no time, so that unique indexes apply to the first document.
 */
public final class IndexPreparation implements MongoPreparation {

	/** The name under which the step is reported. */
	public static final String NAME = "indexes";

	/** The delay before an index is created that another instance may be creating. */
	private static final long BUSY_MILLIS = 500;

	private final DatabaseIndexes indexes;

	private volatile Runnable changing = () -> {
	};

	/**
	 * Creates a new {@link IndexPreparation}.
	 * @param definition the database
	 * @param model the entities of the database
	 */
	public IndexPreparation(DatabaseDefinition definition, MongoModel model) {
		this.indexes = new DatabaseIndexes(definition, model, Clock.systemUTC());
	}

	@Override
	public String getName() {
		return NAME;
	}

	/**
	 * Returns what is wrong with the indexes that the entities declare. Requests beans if
	 * an annotation has an expression that names one.
	 * @return the problems
	 */
	public List<InvalidDatabaseConfigurationException> findProblems() {
		return this.indexes.findProblems();
	}

	/**
	 * Creates the service that creates indexes while the database is in use, and compares
	 * those of entities that the application uses later.
	 * @param database the database
	 * @return the service, which the caller closes
	 */
	public AutoCloseable createService(DatabaseAccess database) {
		BackgroundIndexes service = new BackgroundIndexes(database, this.indexes);
		this.changing = service::start;
		this.indexes.getModel().setEntityListener(service::checkNewEntities);
		return service;
	}

	@Override
	public @Nullable Map<String, Object> prepare(Context context) throws InterruptedException {
		IndexReport report = this.indexes.check(new ServerIndexes(context.database(), context.admin()));
		if (report == null) {
			return null;
		}
		if (this.indexes.isCreating()) {
			report = create(context, report);
			this.indexes.getLog().writePending(report.getPending(), false);
		}
		this.indexes.getLog().write(report);
		if (report.isChanging()) {
			this.changing.run();
		}
		return report.toDetails();
	}

	private IndexReport create(Context context, IndexReport report) throws InterruptedException {
		ServerIndexes probed = new ServerIndexes(context.database(), context.admin());
		boolean await = this.indexes.getSettings().await();
		List<DeclaredIndex> now = report.getPending()
			.stream()
			.filter((index) -> await || probed.isEmpty(index.collection()))
			.toList();
		if (await) {
			this.indexes.getLog().writePending(now, true);
		}
		List<DeclaredIndex> created = new ArrayList<>();
		IndexReport latest = report;
		for (DeclaredIndex index : now) {
			latest = create(context.getUnlimitedDatabase(), context.admin(), index, latest, await);
			if (latest.same() > report.same() + created.size()) {
				created.add(index);
			}
		}
		this.indexes.getLog().writeCreated(created);
		return latest;
	}

	private IndexReport create(MongoDatabase database, MongoDatabase admin, DeclaredIndex index, IndexReport report,
			boolean await) throws InterruptedException {
		ServerIndexes server = new ServerIndexes(database, admin);
		IndexReport latest = this.indexes.create(server, index, report);
		while (await && latest == report) {
			Thread.sleep(BUSY_MILLIS);
			latest = this.indexes.create(server, index, report);
		}
		return latest;
	}

}
