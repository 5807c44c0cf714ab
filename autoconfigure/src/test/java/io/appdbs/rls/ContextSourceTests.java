package io.appdbs.rls;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ContextSource}.
 */
class ContextSourceTests {

	private static final String REENTRANT = "RlsContextProvider must not query 'notes': each statement calls the provider (infinite recursion). Query another database, or run the statements with RlsContextHolder.supplyAs(RlsContext.system(…), …).";

	@Test
	void whenAValueHasNoSettingThenItIsNotDroppedSilently() {
		ContextSource source = source(Map.of(), List.of());
		RlsContextHolder.runAs(RlsContext.of("alice").with("app.tenant", 7), () -> assertThatExceptionOfType(
				RlsContextException.class)
			.isThrownBy(source::getCurrent)
			.withMessage(
					"Database 'notes': the context has a value for 'app.tenant', which is not a setting of the database. Known: app.current_user_id, app.current_user_role. Add it to 'app.dbs.notes.rls.settings', or leave it out of the context."));
	}

	@Test
	void whenThereIsNoSettingForTheRoleThenThereIsNoSystemContext() {
		ContextSource source = source(Map.of("settings[0].name", "app.tenant", "on-missing-context", "empty"),
				List.of());
		RlsContextHolder.runAs(RlsContext.system("report"), () -> assertThatExceptionOfType(RlsContextException.class)
			.isThrownBy(source::getCurrent)
			.withMessage(
					"Database 'notes': the context has a value for 'app.current_user_role', which is not a setting of the database. Known: app.tenant. Add it to 'app.dbs.notes.rls.settings', or leave it out of the context."));
	}

	@Test
	void aRoleOfTheDatabaseNeedsNoConfiguration() throws Exception {
		ContextSource source = source(Map.of(), List.of());
		assertThat(RlsContextHolder.callAs(RlsContext.of("alice").withDatabaseRole("reader"), source::getCurrent))
			.isEqualTo(new AppliedContext(List.of("alice", ""), "reader"));
	}

	@Test
	void whenAProviderNeedsItsOwnAnswerThenItFailsAndTheNextOneIsAskedAgain() throws Exception {
		AtomicReference<ContextSource> source = new AtomicReference<>();
		AtomicReference<Boolean> asking = new AtomicReference<>(true);
		source.set(source(Map.of(), List.of(() -> {
			if (asking.get()) {
				current(source.get());
			}
			return RlsContext.of("alice");
		})));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> source.get().getCurrent())
			.havingCause()
			.isInstanceOf(RlsContextException.class)
			.withMessage(REENTRANT);
		asking.set(false);
		assertThat(source.get().getCurrent().values()).containsExactly("alice", "");
	}

	@Test
	void whenTheProvidersOfTwoDatabasesNeedEachOtherThenItFails() {
		AtomicReference<ContextSource> notes = new AtomicReference<>();
		ContextSource other = source(Map.of(), List.of(() -> {
			current(notes.get());
			return RlsContext.of("bob");
		}));
		notes.set(source(Map.of(), List.of(() -> {
			current(other);
			return RlsContext.of("alice");
		})));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> notes.get().getCurrent())
			.havingRootCause()
			.isInstanceOf(RlsContextException.class)
			.withMessage(REENTRANT);
	}

	private static AppliedContext current(ContextSource source) {
		try {
			return source.getCurrent();
		}
		catch (RlsContextException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static ContextSource source(Map<String, String> settings, List<RlsContextProvider> providers) {
		Map<String, String> rls = new HashMap<>();
		settings.forEach((key, value) -> rls.put("rls." + key, value));
		DatabaseSettings bound = Definitions.bind(rls);
		return new ContextSource(new DatabaseDefinition("notes", bound, null, () -> null), () -> providers);
	}

}
