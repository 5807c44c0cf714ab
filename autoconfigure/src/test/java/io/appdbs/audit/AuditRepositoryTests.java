package io.appdbs.audit;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.depot.Part;
import io.appdbs.depot.PartRepository;
import io.appdbs.shop.ledger.LedgerEntry;
import io.appdbs.shop.ledger.LedgerEntryRepository;
import io.appdbs.testsupport.PlainApplication;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the audit of repositories of JPA and Spring Data JDBC.
 */
class AuditRepositoryTests {

	private final RecordedEvents events = new RecordedEvents();

	@Test
	void repositoriesAreAudited() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(PlainApplication.class)
			.properties(Map.of("app.dbs.parts.url", "jdbc:h2:mem:audited-parts", "app.dbs.parts.packages",
					"io.appdbs.depot", "app.dbs.parts.jpa.ddl-auto", "create", "app.dbs.ledger.url",
					"jdbc:h2:mem:audited-ledger", "app.dbs.ledger.packages", "io.appdbs.shop.ledger",
					"app.dbs-defaults.audit.statements", "writes"))
			.initializers((GenericApplicationContext initialized) -> initialized.registerBean(AuditSink.class,
					() -> this.events))
			.web(WebApplicationType.NONE)
			.run()) {
			this.events.take();
			assertJpa(context);
			assertJdbc(context);
		}
	}

	private void assertJpa(ConfigurableApplicationContext context) {
		PartRepository parts = context.getBean(PartRepository.class);
		TransactionTemplate transaction = context.getBean("partsTransactionTemplate", TransactionTemplate.class);
		transaction.executeWithoutResult((status) -> {
			parts.saveAll(List.of(new Part("s3cr3t"), new Part("s3cr3t")));
			parts.deleteAllInBatch();
			parts.flush();
			try (Stream<Part> stream = parts.streamAll()) {
				assertThat(stream).isEmpty();
			}
		});
		assertThat(parts.count()).isZero();
		assertThat(this.events.takeLines()).containsExactly(
				"committed by - | 2 x insert into part (name,id) values (?,default) -> 2 | delete from part p1_0 -> 2");
	}

	private void assertJdbc(ConfigurableApplicationContext context) {
		context.getBean("ledgerJdbcTemplate", JdbcTemplate.class)
			.execute("create table ledger_entry (id bigint auto_increment primary key, text varchar(20))");
		this.events.take();
		LedgerEntryRepository ledger = context.getBean(LedgerEntryRepository.class);
		LedgerEntry entry = ledger.save(new LedgerEntry(null, "s3cr3t"));
		assertThat(ledger.findByText("s3cr3t")).containsExactly(entry);
		assertThat(this.events.takeLines())
			.containsExactly("committed by - | INSERT INTO \"LEDGER_ENTRY\" (\"TEXT\") VALUES (?) -> 1");
	}

}
