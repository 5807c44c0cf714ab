package io.appdbs.rls;

import java.util.List;
import java.util.Objects;

import io.appdbs.rls.NoteRepository.Note;
import io.appdbs.testsupport.ApplicationClassLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.data.jdbc.repository.config.AbstractJdbcConfiguration;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for Spring Data JDBC on a database with row-level security.
 */
@ApplicationClassLoader
class RlsDataJdbcTests {

	private static final RlsContext ALICE = RlsContext.of("alice");

	private static final RlsContext BOB = RlsContext.of("bob");

	@RegisterExtension
	private static final Notes notes = new Notes();

	@Test
	void everybodyFindsTheirOwnNotesOnly() {
		run((context, repository) -> {
			for (RlsContext user : List.of(ALICE, BOB, ALICE)) {
				String name = user.getValue("app.current_user_id");
				RlsContextHolder.runAs(user, () -> {
					assertThat(repository.findAll()).hasSize(10).extracting(Note::owner).containsOnly(name);
					assertThat(repository.count()).isEqualTo(10);
					assertThat(repository.findByBodyStartingWith("note 1")).hasSize(2)
						.extracting(Note::owner)
						.containsOnly(name);
					assertThat(repository.findOwners(0)).hasSize(10).containsOnly(name);
				});
			}
			Note hers = RlsContextHolder.supplyAs(ALICE, () -> repository.findByBodyStartingWith("note 1").get(0));
			Long id = Objects.requireNonNull(hers.id());
			assertThat(RlsContextHolder.supplyAs(ALICE, () -> repository.findById(id))).contains(hers);
			assertThat(RlsContextHolder.supplyAs(BOB, () -> repository.findById(id))).isEmpty();
			assertThat(RlsContextHolder.supplyAs(BOB, () -> repository.existsById(id))).isFalse();
		});
	}

	@Test
	void everybodyWritesTheirOwnNotesOnly() {
		run((context, repository) -> {
			RlsContext carol = RlsContext.of("carol");
			List<Note> saved = RlsContextHolder.supplyAs(carol, () -> repository
				.saveAll(List.of(new Note(null, "carol", "note 1"), new Note(null, "carol", "note 2"))));
			Note first = saved.get(0);
			Long id = Objects.requireNonNull(first.id());
			assertThat(RlsContextHolder.supplyAs(carol, () -> repository.updateFirst("changed"))).isOne();
			assertThat(RlsContextHolder.supplyAs(carol, () -> repository.findById(id)))
				.contains(new Note(id, "carol", "changed"));
			RlsContextHolder.runAs(BOB, () -> {
				repository.save(new Note(id, "bob", "stolen"));
				repository.deleteById(id);
				assertThatExceptionOfType(DataAccessException.class)
					.isThrownBy(() -> repository.save(new Note(null, "carol", "forged")))
					.havingRootCause()
					.withMessageContaining("new row violates row-level security policy");
			});
			assertThat(RlsContextHolder.supplyAs(carol, repository::findAll))
				.containsExactlyInAnyOrder(new Note(id, "carol", "changed"), saved.get(1));
			RlsContextHolder.runAs(carol, repository::deleteAll);
			assertThat(RlsContextHolder.supplyAs(carol, repository::count)).isZero();
			assertThat(RlsContextHolder.supplyAs(BOB, repository::count)).isEqualTo(10);
		});
	}

	@Test
	void whenThereIsNoUserThenItFailsAndNothingIsLeft() {
		run((context, repository) -> {
			for (Runnable work : List.<Runnable>of(repository::findAll, repository::count, repository::deleteAll,
					() -> repository.updateFirst("x"), () -> repository.save(new Note(null, "alice", "nobody's")))) {
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(work::run)
					.havingRootCause()
					.isInstanceOf(RlsContextException.class);
			}
			assertThat(Notes.active(context)).isZero();
			assertThat(RlsContextHolder.supplyAs(ALICE, repository::count)).isEqualTo(10);
		});
	}

	private static void run(RepositoryTest test) {
		notes.runner(notes.address()).withUserConfiguration(Repositories.class).run((context) -> {
			assertThat(context).hasNotFailed();
			test.run(context, context.getBean(NoteRepository.class));
		});
	}

	/**
	 * A test with the repository.
	 */
	@FunctionalInterface
	private interface RepositoryTest {

		void run(ApplicationContext context, NoteRepository repository) throws Exception;

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJdbcRepositories
	static class Repositories extends AbstractJdbcConfiguration {

		@Bean
		NamedParameterJdbcTemplate operations(JdbcTemplate notes) {
			return new NamedParameterJdbcTemplate(notes);
		}

	}

}
