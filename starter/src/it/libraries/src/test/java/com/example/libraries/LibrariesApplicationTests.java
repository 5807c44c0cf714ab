package com.example.libraries;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.MeterRegistry;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.JobKey;
import org.quartz.Scheduler;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "management.endpoints.web.exposure.include=databases,health")
class LibrariesApplicationTests {

	@Autowired
	private Items items;

	@Autowired
	@Qualifier("orders")
	private JdbcClient orders;

	@Autowired
	@Qualifier("audit")
	private JdbcClient audit;

	@Autowired
	@Qualifier("jobs")
	private JdbcClient jobs;

	@BeforeEach
	void createTables() {
		for (JdbcClient client : List.of(this.orders, this.audit, this.jobs)) {
			client.sql("DROP TABLE IF EXISTS item").update();
			client.sql("CREATE TABLE item (name VARCHAR(40))").update();
		}
		this.orders.sql("DELETE FROM event_publication").update();
	}

	@Test
	void jooqAndMyBatisWriteToTheirDatabaseAndTakePartInItsTransactions() {
		this.items.saveAudit(false);
		assertThatIllegalStateException().isThrownBy(() -> this.items.saveAudit(true));
		assertThat(items(this.audit)).containsExactlyInAnyOrder("jooq", "mybatis", "client");
		assertThat(items(this.orders)).isEmpty();
		assertThatIllegalStateException().isThrownBy(() -> this.items.saveOrders(true));
		assertThat(items(this.orders)).isEmpty();
	}

	@Test
	void eventsAreStoredInTheTransactionThatPublishesThem() {
		assertThatIllegalStateException().isThrownBy(() -> this.items.saveOrders(true));
		assertThat(count(this.orders, "event_publication")).isZero();
		this.items.saveOrders(false);
		assertThat(items(this.orders)).containsExactlyInAnyOrder("jooq", "mybatis");
		assertThat(count(this.orders, "event_publication")).isOne();
		Awaitility.await().until(() -> items(this.audit).equals(List.of("event of orders")));
		Awaitility.await()
			.until(() -> count(this.orders, "event_publication WHERE completion_date IS NOT NULL") == 1);
		assertThat(tables(this.jobs)).doesNotContain("event_publication");
	}

	@Test
	void eventsOfTransactionsOfAnotherDatabaseAreStoredEvenIfTheseAreRolledBack() {
		assertThatIllegalStateException().isThrownBy(() -> this.items.publishInTransactionOfAudit(true));
		assertThat(count(this.orders, "event_publication WHERE completion_date IS NULL")).isOne();
		assertThat(items(this.audit)).isEmpty();
	}

	@Test
	void batchStoresItsJobsInOneDatabaseAndWritesToAnother(@Autowired JobOperator operator, @Autowired Job importJob)
			throws Exception {
		int before = count(this.jobs, "batch_job_execution");
		assertThat(run(operator, importJob, true).getStatus()).isEqualTo(BatchStatus.FAILED);
		assertThat(items(this.orders)).isEmpty();
		assertThat(run(operator, importJob, false).getStatus()).isEqualTo(BatchStatus.COMPLETED);
		assertThat(items(this.orders)).containsExactly("batch");
		assertThat(count(this.jobs, "batch_job_execution")).isEqualTo(before + 2);
		assertThat(tables(this.orders)).noneMatch((table) -> table.startsWith("batch_"));
	}

	private static JobExecution run(JobOperator operator, Job job, boolean fail) throws Exception {
		return operator.start(job,
				new JobParametersBuilder().addJobParameter("fail", fail, Boolean.class)
					.addString("time", Instant.now().toString())
					.toJobParameters());
	}

	@Test
	void quartzStoresItsJobsInOneDatabaseAndWritesToAnother(@Autowired Scheduler scheduler) throws Exception {
		scheduler.triggerJob(new JobKey("ping"));
		Awaitility.await().until(() -> items(this.orders).equals(List.of("quartz")));
		assertThat(this.jobs.sql("SELECT job_name FROM qrtz_job_details").query(String.class).list())
			.containsExactly("ping");
		assertThat(tables(this.orders)).noneMatch((table) -> table.startsWith("qrtz_"));
	}

	@Test
	void sessionsAreStoredInTheirDatabase(@Autowired JdbcIndexedSessionRepository sessions) {
		saveAndFind(sessions);
		assertThat(count(this.jobs, "spring_session")).isOne();
		assertThat(tables(this.orders)).doesNotContain("spring_session");
	}

	/** The type of the sessions is not public. */
	private static <S extends Session> void saveAndFind(
			SessionRepository<S> sessions) {
		S session = sessions.createSession();
		session.setAttribute("user", "Anna");
		sessions.save(session);
		assertThat(sessions.findById(session.getId()).<String>getAttribute("user")).isEqualTo("Anna");
	}

	@Test
	void locksAreStoredInTheirDatabase(@Autowired LockProvider locks) {
		this.jobs.sql("""
				CREATE TABLE shedlock (name VARCHAR(64) PRIMARY KEY, lock_until TIMESTAMP NOT NULL,
					locked_at TIMESTAMP NOT NULL, locked_by VARCHAR(255) NOT NULL)
				""").update();
		LockConfiguration lock = new LockConfiguration(Instant.now(), "import", Duration.ofMinutes(1), Duration.ZERO);
		SimpleLock first = locks.lock(lock).orElseThrow();
		assertThat(locks.lock(lock)).isEmpty();
		first.unlock();
		assertThat(this.jobs.sql("SELECT name FROM shedlock").query(String.class).list()).containsExactly("import");
	}

	@Test
	void everyDatabaseHasOneSetOfMetersAndHealth(@Autowired MeterRegistry registry, @Autowired HealthEndpoint health) {
		for (String meter : List.of("hikaricp.connections.max", "jdbc.connections.max")) {
			assertThat(registry.find(meter).meters()).as(meter)
				.extracting((each) -> each.getId().getTag("db"))
				.containsExactlyInAnyOrder("orders", "audit", "jobs");
		}
		CompositeHealthDescriptor all = (CompositeHealthDescriptor) health.health();
		assertThat(all.getComponents()).containsKey("dbs").doesNotContainKey("db");
		assertThat(((CompositeHealthDescriptor) all.getComponents().get("dbs")).getComponents())
			.containsOnlyKeys("orders", "audit", "jobs");
	}

	@Test
	void browsersGetAPageOfTheDatabases(@LocalServerPort int port) throws Exception {
		URI uri = URI.create("http://localhost:" + port + "/actuator/databases");
		HttpResponse<String> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri)
				.header("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
				.build(), HttpResponse.BodyHandlers.ofString());
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		assertThat(response.body()).contains("All 3 databases are up.", ">orders</a>", ">audit</a>", ">jobs</a>");
	}

	private static List<String> items(JdbcClient client) {
		return client.sql("SELECT name FROM item").query(String.class).list();
	}

	private static int count(JdbcClient client, String table) {
		return client.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
	}

	private static Set<String> tables(JdbcClient client) {
		return client.sql("SELECT lower(table_name) FROM information_schema.tables WHERE table_schema = 'public'")
			.query(String.class)
			.list()
			.stream()
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
