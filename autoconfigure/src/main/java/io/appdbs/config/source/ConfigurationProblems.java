package io.appdbs.config.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.appdbs.InvalidDatabaseConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * Collects problems with properties under {@code app.dbs}, so that all of them are
 * reported together.
 */
public class ConfigurationProblems {

	private final List<InvalidDatabaseConfigurationException> problems = new ArrayList<>();

	public InvalidDatabaseConfigurationException add(@Nullable String database, @Nullable String key,
			@Nullable Origin origin, String message, String action) {
		return add(database, key, origin, message, action, null);
	}

	/**
	 * Adds a problem.
	 * @param database the database, or {@code null} if it concerns several databases or
	 * the defaults
	 * @param key the full key or {@code null}
	 * @param origin the origin of the key, or {@code null} if it is not known
	 * @param message the problem, without a secret
	 * @param action how to fix it
	 * @param cause the cause, which must not contain a secret, or {@code null}
	 * @return the problem
	 */
	public InvalidDatabaseConfigurationException add(@Nullable String database, @Nullable String key,
			@Nullable Origin origin, String message, String action, @Nullable Throwable cause) {
		String subject = (database != null) ? "Database '" + database + "': " + message : message;
		String text = (origin != null) ? subject + "\n\n    Origin: " + origin : subject;
		InvalidDatabaseConfigurationException problem = new InvalidDatabaseConfigurationException(database, key, text,
				action, cause);
		add(problem);
		return problem;
	}

	public void add(InvalidDatabaseConfigurationException problem) {
		boolean known = this.problems.stream().anyMatch((other) -> isSame(other, problem));
		if (!known) {
			this.problems.add(problem);
		}
	}

	private static boolean isSame(InvalidDatabaseConfigurationException one,
			InvalidDatabaseConfigurationException other) {
		return Objects.equals(one.getDatabase(), other.getDatabase()) && Objects.equals(one.getKey(), other.getKey())
				&& (one.getAction().equals(other.getAction()) || Objects.equals(one.getMessage(), other.getMessage()));
	}

	boolean isEmpty() {
		return this.problems.isEmpty();
	}

	public boolean concern(String database) {
		return this.problems.stream().anyMatch((problem) -> database.equals(problem.getDatabase()));
	}

	public void throwIfAny() {
		if (this.problems.size() == 1) {
			throw this.problems.get(0);
		}
		if (!this.problems.isEmpty()) {
			throw all();
		}
	}

	private InvalidDatabaseConfigurationException all() {
		InvalidDatabaseConfigurationException all = new InvalidDatabaseConfigurationException(null, null,
				this.problems.size() + " problems in the configuration of databases:\n\n"
						+ numbered(this.problems.stream().map(Throwable::getMessage).toList()),
				numbered(this.problems.stream().map(InvalidDatabaseConfigurationException::getAction).toList()),
				this.problems.get(0));
		this.problems.stream().skip(1).forEach(all::addSuppressed);
		return all;
	}

	private static String numbered(List<@Nullable String> texts) {
		return IntStream.range(0, texts.size())
			.mapToObj((i) -> (i + 1) + ". " + texts.get(i))
			.collect(Collectors.joining("\n\n"));
	}

}
