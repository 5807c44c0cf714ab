package io.appdbs.rls;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import javax.sql.DataSource;

import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for JPA on a database with row-level security.
 */
class RlsJpaTests {

	@RegisterExtension
	private static final Notes notes = new Notes();

	@BeforeAll
	static void setUp() throws SQLException {
		notes.execute("""
				CREATE SEQUENCE page_seq INCREMENT 50;
				CREATE TABLE page (id bigint PRIMARY KEY, owner text NOT NULL, body text, version integer NOT NULL);
				ALTER TABLE page ENABLE ROW LEVEL SECURITY;
				ALTER TABLE page FORCE ROW LEVEL SECURITY;
				CREATE POLICY own ON page
					USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
				GRANT SELECT, INSERT, UPDATE, DELETE ON page TO app;
				GRANT USAGE ON SEQUENCE page_seq TO app;
				""");
	}

	@Test
	void entitiesAreThoseOfTheUser() {
		run((context, entities) -> {
			for (String user : List.of("alice", "bob")) {
				List<String> owners = transaction(context, user, TransactionDefinition.ISOLATION_DEFAULT, true,
						() -> entities.createQuery("select n.owner from NoteEntity n order by n.id", String.class)
							.setFirstResult(2)
							.setMaxResults(5)
							.getResultList());
				assertThat(owners).hasSize(5).containsOnly(user);
			}
		});
	}

	@Test
	void identitiesAreGeneratedAndChangesAreWritten() {
		run((context, entities) -> {
			Long id = transaction(context, "carol", TransactionDefinition.ISOLATION_SERIALIZABLE, false, () -> {
				NoteEntity note = new NoteEntity();
				note.owner = "carol";
				note.body = "first";
				entities.persist(note);
				return note.id;
			});
			assertThat(id).isNotNull();
			transaction(context, "carol", TransactionDefinition.ISOLATION_DEFAULT, false, () -> {
				NoteEntity note = entities.find(NoteEntity.class, id);
				note.body = "second";
				return null;
			});
			NoteEntity ofAnother = transaction(context, "bob", TransactionDefinition.ISOLATION_DEFAULT, true,
					() -> entities.find(NoteEntity.class, id));
			assertThat(ofAnother).isNull();
			String body = transaction(context, "carol", TransactionDefinition.ISOLATION_DEFAULT, false, () -> {
				NoteEntity note = entities.find(NoteEntity.class, id);
				entities.remove(note);
				return note.body;
			});
			assertThat(body).isEqualTo("second");
		});
	}

	@Test
	void batchesAndVersionsWork() {
		run((context, entities) -> {
			transaction(context, "dora", TransactionDefinition.ISOLATION_DEFAULT, false, () -> {
				for (int i = 0; i < 60; i++) {
					PageEntity page = new PageEntity();
					page.owner = "dora";
					page.body = "page " + i;
					entities.persist(page);
				}
				return null;
			});
			Integer changed = transaction(context, "dora", TransactionDefinition.ISOLATION_DEFAULT, false, () -> {
				List<PageEntity> pages = entities.createQuery("from PageEntity", PageEntity.class).getResultList();
				pages.forEach((page) -> page.body += "!");
				return pages.size();
			});
			assertThat(changed).isEqualTo(60);
			Long versions = transaction(context, "dora", TransactionDefinition.ISOLATION_DEFAULT, true,
					() -> entities
						.createQuery("select count(p) from PageEntity p where p.version = 1 and p.body like '%!'",
								Long.class)
						.getSingleResult());
			assertThat(versions).isEqualTo(60);
			assertThatException()
				.isThrownBy(() -> transaction(context, "dora", TransactionDefinition.ISOLATION_DEFAULT, false, () -> {
					PageEntity page = new PageEntity();
					page.owner = "alice";
					entities.persist(page);
					return null;
				}))
				.havingRootCause()
				.withMessageContaining("new row violates row-level security policy");
		});
	}

	@Test
	void whenThereIsNoUserThenItFailsAndNothingIsLeft() {
		run((context, entities) -> {
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean("notesTransactionManager", PlatformTransactionManager.class));
			assertThatException()
				.isThrownBy(() -> transaction.executeWithoutResult(
						(status) -> entities.createQuery("from NoteEntity", NoteEntity.class).getResultList()))
				.havingRootCause()
				.isInstanceOf(RlsContextException.class);
			assertThat(Notes.active(context)).isZero();
		});
	}

	@Test
	void whatAnotherUserHasLoadedInTheSamePersistenceContextIsReturnedWithoutAQuery() {
		run((context, entities) -> assertThatException()
			.isThrownBy(() -> transaction(context, "alice", TransactionDefinition.ISOLATION_DEFAULT, true, () -> {
				NoteEntity note = entities.createQuery("from NoteEntity", NoteEntity.class)
					.setMaxResults(1)
					.getSingleResult();
				return RlsContextHolder.supplyAs(RlsContext.of("bob"), () -> {
					assertThat(entities.find(NoteEntity.class, note.id)).isSameAs(note);
					return entities.createQuery("from NoteEntity", NoteEntity.class).getResultList();
				});
			}))
			.havingRootCause()
			.withMessageStartingWith("Database 'notes': the user changed during the transaction."));
	}

	private static <T> T transaction(ApplicationContext context, String user, int isolation, boolean readOnly,
			Supplier<T> work) {
		TransactionTemplate transaction = new TransactionTemplate(
				context.getBean("notesTransactionManager", PlatformTransactionManager.class));
		transaction.setIsolationLevel(isolation);
		transaction.setReadOnly(readOnly);
		return RlsContextHolder.supplyAs(RlsContext.of(user), () -> transaction.execute((status) -> work.get()));
	}

	private static void run(JpaTest test) {
		notes.runner(notes.address(), "app.dbs.notes.primary=true")
			.withUserConfiguration(JpaConfiguration.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("notesTransactionManager")).isInstanceOf(JpaTransactionManager.class);
				test.run(context, SharedEntityManagerCreator
					.createSharedEntityManager(context.getBean(EntityManagerFactory.class)));
			});
	}

	/**
	 * A test with an entity manager that takes part in transactions.
	 */
	@FunctionalInterface
	private interface JpaTest {

		void run(ApplicationContext context, EntityManager entities) throws Exception;

	}

	/**
	 * A note.
	 */
	@Entity(name = "NoteEntity")
	@Table(name = "note")
	static class NoteEntity {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		private Long id;

		private String owner;

		private String body;

	}

	/**
	 * A page.
	 */
	@Entity(name = "PageEntity")
	@Table(name = "page")
	static class PageEntity {

		@Id
		@GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "page")
		@SequenceGenerator(name = "page", sequenceName = "page_seq", allocationSize = 50)
		private Long id;

		private String owner;

		private String body;

		@Version
		private int version;

	}

	@Configuration(proxyBeanMethods = false)
	static class JpaConfiguration {

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(@Qualifier("notes") DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setManagedTypes(PersistenceManagedTypes.of(NoteEntity.class.getName(), PageEntity.class.getName()));
			factory.setJpaPropertyMap(Map.of("hibernate.jdbc.batch_size", "20", "hibernate.hbm2ddl.auto", "validate",
					"hibernate.order_updates", "true", "hibernate.jdbc.batch_versioned_data", "true"));
			return factory;
		}

	}

}
