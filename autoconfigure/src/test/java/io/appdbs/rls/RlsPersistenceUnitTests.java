package io.appdbs.rls;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.appdbs.rls.journal.Author;
import io.appdbs.rls.journal.Note;
import io.appdbs.rls.journal.NoteRepository;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.support.OpenEntityManagerInViewInterceptor;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.ServletWebRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for row-level security on the persistence unit of packages.
 */
class RlsPersistenceUnitTests {

	@RegisterExtension
	private static final Notes notes = new Notes();

	@BeforeAll
	static void setUp() throws SQLException {
		notes.execute("""
				CREATE TABLE author (name text PRIMARY KEY);
				INSERT INTO author VALUES ('alice'), ('bob'), ('carol');
				GRANT SELECT ON author TO app;
				""");
	}

	@Test
	void eachUserSeesTheirOwnRows() {
		notes.run((context) -> {
			NoteRepository repository = context.getBean(NoteRepository.class);
			EntityManager entityManager = SharedEntityManagerCreator
				.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
			for (String user : new String[] { "alice", "bob" }) {
				List<Note> own = as(user, repository::findAll);
				assertThat(own).hasSize(10).allMatch((note) -> user.equals(note.getOwner()));
				List<String> owners = as(user,
						() -> entityManager.createQuery("select n.owner from Note n", String.class).getResultList());
				assertThat(owners).hasSize(10).containsOnly(user);
				transaction(context, user, () -> {
					try (Stream<Note> stream = repository.streamAll()) {
						assertThat(stream.map(Note::getOwner)).hasSize(10).containsOnly(user);
					}
					assertThat(entityManager.find(Author.class, user).getNotes()).hasSize(10);
					assertThat(entityManager.find(Author.class, user.equals("bob") ? "alice" : "bob").getNotes())
						.isEmpty();
				});
			}
			assertThatException().isThrownBy(() -> as("alice", () -> repository.save(new Note("bob"))))
				.havingRootCause()
				.withMessageContaining("new row violates row-level security policy");
		}, "app.dbs.notes.packages=io.appdbs.rls.journal", "app.dbs.notes.rls.exempt-tables=author");
	}

	@Test
	void collectionsThatAreLoadedInAViewAreThoseOfTheUser() {
		notes.run((context) -> {
			OpenEntityManagerInViewInterceptor interceptor = new OpenEntityManagerInViewInterceptor();
			interceptor.setEntityManagerFactory(context.getBean(EntityManagerFactory.class));
			EntityManager entityManager = SharedEntityManagerCreator
				.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
			for (String user : new String[] { "alice", "bob" }) {
				as(user, () -> {
					ServletWebRequest request = new ServletWebRequest(new MockHttpServletRequest());
					interceptor.preHandle(request);
					Author own = entityManager.find(Author.class, user);
					Author other = entityManager.find(Author.class, user.equals("bob") ? "alice" : "bob");
					assertThat(own.getNotes()).hasSize(10);
					assertThat(other.getNotes()).isEmpty();
					interceptor.afterCompletion(request, null);
					return user;
				});
			}
			assertThat(Notes.active(context)).isZero();
		}, "app.dbs.notes.packages=io.appdbs.rls.journal", "app.dbs.notes.rls.exempt-tables=author");
	}

	private static void transaction(ApplicationContext context, String user, Runnable work) {
		as(user, () -> {
			context.getBean("notesTransactionTemplate", TransactionTemplate.class)
				.executeWithoutResult((status) -> work.run());
			return user;
		});
	}

	private static <T> T as(String user, Supplier<T> work) {
		return RlsContextHolder.supplyAs(RlsContext.of(user), work::get);
	}

}
