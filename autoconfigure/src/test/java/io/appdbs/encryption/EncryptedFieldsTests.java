package io.appdbs.encryption;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.appdbs.actuate.DatabasesEndpoint;
import io.appdbs.encrypted.EncryptedApplication;
import io.appdbs.encrypted.jdbc.Customer;
import io.appdbs.encrypted.jdbc.CustomerRepository;
import io.appdbs.encrypted.jpa.Employee;
import io.appdbs.encrypted.mongo.Patient;
import io.appdbs.testsupport.DataFiles;
import io.appdbs.testsupport.EnvironmentBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for encrypted fields in all APIs, on embedded servers. Everything that is logged,
 * thrown or stored, including the files of the servers, is searched for the values.
 */
class EncryptedFieldsTests {

	/** Unique, since other tests can use the same servers. */
	private static final String MARKER = "PLAINTEXT" + Long.toHexString(System.nanoTime());

	/** Stored without encryption, so that a search that finds nothing is noticed. */
	private static final String CONTROL = "CONTROL" + Long.toHexString(System.nanoTime());

	private static final List<String> logged = java.util.Collections.synchronizedList(new ArrayList<>());

	private static final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			logged.add(event.getFormattedMessage() + ((event.getThrowableProxy() != null)
					? ThrowableProxyUtil.asString(event.getThrowableProxy()) : ""));
		}

	};

	@TempDir
	static Path folder;

	private static ConfigurableApplicationContext context;

	private static Level level;

	@BeforeAll
	static void start() {
		String keyset = TestKeysets.create(folder, "keyset.json");
		String index = TestKeysets.createIndex(folder, "index.json");
		Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		context = new SpringApplicationBuilder(EncryptedApplication.class).web(WebApplicationType.NONE)
			.environment(EnvironmentBuilder.yaml("""
					management.endpoints.web.exposure.include: databases
					management.endpoints.jmx.exposure.include: databases
					spring.jmx.enabled: true
					app.dbs-defaults:
					  encryption: { master-key: %s }
					  query-log: true
					  query-log-parameters: true
					app.dbs:
					  shop: { url: 'embedded:postgresql', packages: io.appdbs.encrypted.jdbc,
					    encryption: { keyset: '%s', index-keyset: '%s' } }
					  staff: { url: 'embedded:mariadb', packages: io.appdbs.encrypted.jpa, jpa.ddl-auto: update,
					    encryption.keyset: '%s' }
					  clinic: { url: 'embedded:mongodb', packages: io.appdbs.encrypted.mongo, encryption.keyset: '%s',
					    mongo: { reactive: true, indexes.mode: create } }
					  plain: { url: 'embedded:h2', packages: io.appdbs.encrypted.plain, jpa.ddl-auto: update }
					""".formatted(TestKeysets.MASTER_KEY, keyset, index, keyset, keyset)).build())
			.run();
		// from now on, since the embedded servers have been started
		root.setLevel(Level.TRACE);
		level = appdbs().getLevel();
		appdbs().setLevel(Level.TRACE);
		appender.setContext(root.getLoggerContext());
		appender.start();
		root.addAppender(appender);
		client("shop")
			.sql("create table customer (id bigserial primary key, name text, "
					+ "iban text unique check (iban like 'e1:%'), iban_index text)")
			.update();
	}

	@AfterAll
	static void stop() throws IOException {
		try (ConfigurableApplicationContext closed = context) {
			assertNotInFiles(client("shop"), "show data_directory",
					"insert into customer (name) values ('%s')".formatted(CONTROL), List.of("checkpoint"));
			assertNotInFiles(client("staff"), "select @@datadir",
					"insert into employee (name) values ('%s')".formatted(CONTROL),
					List.of("flush tables employee for export", "unlock tables"));
		}
		finally {
			Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
			root.detachAppender(appender);
			root.setLevel(Level.ERROR);
			appdbs().setLevel(level);
		}
		assertThat(logged).isNotEmpty().noneMatch((line) -> line.contains(MARKER));
		assertThat(logged).anyMatch((line) -> line.contains("'Ada'") && line.contains("******"));
	}

	/**
	 * Searches the files of a server, the log of its transactions included.
	 * @param checkpoint writes the tables to their files
	 */
	private static void assertNotInFiles(JdbcClient client, String folder, String control, List<String> checkpoint)
			throws IOException {
		client.sql(control).update();
		checkpoint.forEach((statement) -> client.sql(statement).update());
		Path data = Path.of(client.sql(folder).query(String.class).single());
		assertThat(DataFiles.find(data, CONTROL)).hasSizeGreaterThan(1);
		assertThat(DataFiles.find(data, MARKER)).isEmpty();
	}

	private static Logger appdbs() {
		return (Logger) LoggerFactory.getLogger("io.appdbs");
	}

	private static JdbcClient client(String database) {
		return context.getBean(database + "JdbcClient", JdbcClient.class);
	}

	private static FieldCipher cipher(String database) {
		return context.getBean(database + "FieldCipher", FieldCipher.class);
	}

	@Test
	void jdbcClientWritesCipherTextsAndReadsRecords() {
		FieldCipher cipher = cipher("shop");
		Encrypted iban = cipher.encrypt(MARKER + "1", "customer.iban");
		client("shop").sql("insert into customer (name, iban, iban_index) values (?, ?, ?)")
			.param("Ada")
			.param(iban)
			.param(cipher.blindIndex("customer.iban", MARKER + "1"))
			.update();
		client("shop").sql("insert into customer (name, iban) values (:name, :iban)")
			.param("name", "Bob")
			.param("iban", cipher.encrypt(""))
			.update();
		client("shop").sql("insert into customer (name, iban) values (:name, :iban)")
			.param("name", "Eve")
			.param("iban", cipher.encrypt(null))
			.update();
		Customer found = client("shop").sql("select * from customer where iban_index = ?")
			.param(cipher.blindIndex("customer.iban", MARKER + "1"))
			.query(Customer.class)
			.single();
		assertThat(found.iban()).isEqualTo(iban);
		assertThat(cipher.decrypt(found.iban(), "customer.iban")).isEqualTo(MARKER + "1");
		assertThat(found).hasToString("Customer[id=%d, name=Ada, iban=******]".formatted(found.id()));
		assertThat(List.of(found).toString() + Map.of("x", found.iban())).doesNotContain(MARKER);
		assertThat(JsonMapper.builder().build().writeValueAsString(found)).contains("Ada")
			.doesNotContain(MARKER, "e1:");
		assertThat(cipher.decrypt(customer("Bob").iban())).isEmpty();
		assertThat(customer("Eve").iban()).isNull();
		assertThat(client("shop").sql("select iban from customer where name = 'Ada'").query(String.class).single())
			.startsWith("e1:")
			.isEqualTo(iban.toCipherText());
		assertNothingStored("shop", "customer");
	}

	private static Customer customer(String name) {
		return client("shop").sql("select * from customer where name = ?").param(name).query(Customer.class).single();
	}

	private static void assertNothingStored(String database, String table) {
		List<Map<String, Object>> rows = client(database).sql("select * from " + table).query().listOfRows();
		assertThat(rows).isNotEmpty();
		assertThat(rows.toString()).doesNotContain(MARKER);
	}

	@Test
	void aValueThatIsNotEncryptedIsNotWritten() {
		Encrypted plain = Encrypted.of(MARKER);
		assertFails(
				() -> client("shop").sql("insert into customer (name, iban) values ('x', ?)").param(plain).update());
		assertFails(() -> context.getBean(CustomerRepository.class).save(new Customer(null, "x", plain)));
		assertFails(() -> inStaff((manager) -> manager.persist(new Employee("x", plain))));
		assertFails(() -> context.getBean("clinicMongoTemplate", MongoTemplate.class)
			.insert(new Patient(null, "x", plain, List.of(), Map.of())));
		assertThat(client("shop").sql("select count(*) from customer where name = 'x'").query(Long.class).single())
			.isZero();
	}

	@Test
	void aCheckConstraintRejectsPlainText() {
		FieldCipher cipher = cipher("staff");
		client("staff")
			.sql("create table account (iban varchar(200), constraint iban_encrypted check (iban like 'e1:%'))")
			.update();
		for (String database : List.of("shop", "staff")) {
			String insert = "insert into %s (iban) values (?)"
				.formatted(database.equals("shop") ? "customer" : "account");
			assertThatExceptionOfType(DataIntegrityViolationException.class)
				.isThrownBy(() -> client(database).sql(insert).param("DE89").update())
				.satisfies((ex) -> assertThat(ex.getMessage().contains("DE89")).isEqualTo(database.equals("shop")));
			client(database).sql(insert).param(cipher.encrypt(MARKER)).update();
			client(database).sql(insert).param(null).update();
		}
	}

	@Test
	void aRowThatIsNotEncryptedCanBeReadButNotDecrypted() {
		client("shop").sql("create table old (id int, name text, iban text)").update();
		// not a parameter, since parameters are logged
		client("shop").sql("insert into old values (1, 'x', '%s')".formatted(CONTROL)).update();
		Customer old = client("shop").sql("select * from old").query(Customer.class).single();
		assertThat(old.toString()).doesNotContain(CONTROL);
		assertFails(() -> cipher("shop").decrypt(old.iban()));
		client("shop").sql("drop table old").update();
	}

	private static void assertFails(org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
		Throwable failure = catchThrowable(action);
		assertThat(failure).isNotNull();
		String text = ThrowableProxyUtil.asString(new ch.qos.logback.classic.spi.ThrowableProxy(failure));
		assertThat(text).contains("FieldCipherException").doesNotContain(MARKER, CONTROL);
	}

	@Test
	void springDataJdbcStoresCipherTexts() {
		FieldCipher cipher = cipher("shop");
		CustomerRepository repository = context.getBean(CustomerRepository.class);
		Customer saved = repository.save(new Customer(null, "Carl", cipher.encrypt(MARKER + "2")));
		Customer found = repository.findByName("Carl").get(0);
		assertThat(found).isEqualTo(saved);
		assertThat(cipher.decrypt(found.iban())).isEqualTo(MARKER + "2");
		repository.save(new Customer(found.id(), "Carl", null));
		assertThat(repository.findById(found.id()).orElseThrow().iban()).isNull();
		assertNothingStored("shop", "customer");
	}

	@Test
	void exceptionsContainNoValue() {
		FieldCipher cipher = cipher("shop");
		CustomerRepository repository = context.getBean(CustomerRepository.class);
		Encrypted iban = cipher.encrypt(MARKER + "3");
		repository.save(new Customer(null, "Dan", iban));
		List<Throwable> failures = Stream.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
				() -> repository.save(new Customer(null, "Dan", iban)),
				() -> client("shop").sql("insert into customer (id) values (?)").param(iban).update(),
				() -> inStaff((manager) -> manager.persist(new Employee(null, cipher("staff").encrypt(MARKER)))),
				() -> cipher.decrypt(iban, "customer.name"), () -> cipher("staff").decrypt(iban),
				() -> cipher.decrypt(Encrypted.of(iban.toCipherText().substring(0, 60))))
			.map(org.assertj.core.api.Assertions::catchThrowable)
			.toList();
		assertThat(failures).doesNotContainNull()
			.allSatisfy((failure) -> assertThat(
					ThrowableProxyUtil.asString(new ch.qos.logback.classic.spi.ThrowableProxy(failure)))
				.doesNotContain(MARKER));
	}

	@Test
	void jpaStoresCipherTexts() {
		FieldCipher cipher = cipher("staff");
		Employee employee = new Employee("Ada", cipher.encrypt(MARKER + "4"));
		inStaff((manager) -> manager.persist(employee));
		inStaff((manager) -> {
			Employee found = manager.find(Employee.class, employee.getId());
			assertThat(found).hasToString("Employee[name=Ada, salary=******]");
			assertThat(cipher.decrypt(found.getSalary())).isEqualTo(MARKER + "4");
			found.setSalary(cipher.encrypt(MARKER + "5"));
		});
		inStaff((manager) -> {
			Employee found = manager.find(Employee.class, employee.getId());
			assertThat(cipher.decrypt(found.getSalary())).isEqualTo(MARKER + "5");
			found.setSalary(null);
		});
		inStaff((manager) -> assertThat(manager.find(Employee.class, employee.getId()).getSalary()).isNull());
		assertNothingStored("staff", "employee");
	}

	private static void inStaff(java.util.function.Consumer<EntityManager> action) {
		EntityManager manager = org.springframework.orm.jpa.SharedEntityManagerCreator
			.createSharedEntityManager(context.getBean("staffEntityManagerFactory", EntityManagerFactory.class));
		context.getBean("staffTransactionTemplate", TransactionTemplate.class)
			.executeWithoutResult((status) -> action.accept(manager));
	}

	@Test
	void mongoStoresCipherTexts() {
		FieldCipher cipher = cipher("clinic");
		MongoTemplate template = context.getBean("clinicMongoTemplate", MongoTemplate.class);
		Encrypted note = cipher.encrypt(MARKER + "7");
		Patient saved = template.insert(new Patient(null, "Ada", cipher.encrypt(MARKER + "6"), List.of(note, note),
				Map.of("blood", cipher.encrypt(MARKER + "8"))));
		Patient found = template.findById(saved.id(), Patient.class);
		assertThat(found).isEqualTo(saved);
		assertThat(cipher.decrypt(found.diagnosis())).isEqualTo(MARKER + "6");
		assertThat(cipher.decrypt(found.results().get("blood"))).isEqualTo(MARKER + "8");
		ReactiveMongoTemplate reactive = context.getBean("clinicReactiveMongoTemplate", ReactiveMongoTemplate.class);
		Patient eve = reactive.insert(new Patient(null, "Eve", cipher.encrypt(MARKER + "9"), List.of(), Map.of()))
			.flatMap((patient) -> reactive.findById(patient.id(), Patient.class))
			.block();
		assertThat(cipher.decrypt(eve.diagnosis())).isEqualTo(MARKER + "9");
		Throwable duplicate = catchThrowable(() -> template.insert(saved));
		assertThat(duplicate).isNotNull().hasMessageNotContainingAny(MARKER);
		List<String> documents = template.getCollection("patient")
			.find()
			.map(org.bson.Document::toJson)
			.into(new ArrayList<>());
		assertThat(documents).hasSize(2)
			.allMatch((document) -> document.contains("\"diagnosis\": \"e1:") && !document.contains(MARKER));
	}

	@Test
	void aDatabaseWithoutEncryptionRejectsValues() {
		Encrypted value = cipher("staff").encrypt(MARKER);
		EntityManager manager = org.springframework.orm.jpa.SharedEntityManagerCreator
			.createSharedEntityManager(context.getBean("plainEntityManagerFactory", EntityManagerFactory.class));
		Throwable failure = catchThrowable(() -> context.getBean("plainTransactionTemplate", TransactionTemplate.class)
			.executeWithoutResult((status) -> manager.persist(new io.appdbs.encrypted.plain.Employee("Ada", value))));
		assertThat(failure).hasRootCauseInstanceOf(FieldCipherException.class)
			.rootCause()
			.hasMessage(
					"Database '<name>' has no encryption, but an entity has a value of type Encrypted. Set 'app.dbs.<name>.encryption.keyset', or use another type.");
		assertThat(context.containsBean("plainFieldCipher")).isFalse();
	}

	@Test
	void theEndpointShowsTheIdsOfKeys() {
		DatabasesEndpoint endpoint = context.getBean(DatabasesEndpoint.class);
		EncryptionUsage usage = endpoint.database("shop").encryption();
		String listed = TestKeysets.run("list", folder.resolve("keyset.json").toString()).get(0);
		assertThat(usage.primaryKey() + " primary").isEqualTo(listed);
		assertThat(usage.keys()).containsExactly(usage.primaryKey());
		assertThat(usage.failure()).isNull();
		assertThat(endpoint.database("plain").encryption()).isNull();
		String text = endpoint.databases().toString();
		assertThat(text).doesNotContain(MARKER, TestKeysets.MASTER_KEY);
	}

}
