package io.appdbs.rls;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.appdbs.settings.RlsSettings.CurrentUser;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Who statements run for: what the database's policies see of the current user.
 * Immutable.
 */
public final class RlsContext {

	/** What the role of the system context is called. */
	public static final String SYSTEM_ROLE = "system";

	/** The name that stands for the login itself, as in SQL. */
	public static final String LOGIN_ROLE = "none";

	private final Map<String, String> values;

	private final @Nullable String databaseRole;

	private final @Nullable String systemReason;

	private RlsContext(Map<String, String> values, @Nullable String databaseRole, @Nullable String systemReason) {
		this.values = Collections.unmodifiableMap(values);
		this.databaseRole = databaseRole;
		this.systemReason = systemReason;
	}

	/**
	 * Returns the context of a user.
	 * @param userId the identifier, which goes to {@value CurrentUser#ID}
	 * @return the context
	 */
	public static RlsContext of(Object userId) {
		return new RlsContext(Map.of(CurrentUser.ID, userId.toString()), null, null);
	}

	/**
	 * Returns the context of a user with a role.
	 * @param userId the identifier, which goes to {@value CurrentUser#ID}
	 * @param role the role or several separated by commas, which goes to
	 * {@value CurrentUser#ROLE}
	 * @return the context
	 */
	public static RlsContext of(Object userId, String role) {
		return of(userId).with(CurrentUser.ROLE, role);
	}

	/**
	 * Returns a context without values, for settings of other names.
	 * @return the context
	 */
	public static RlsContext empty() {
		return new RlsContext(Map.of(), null, null);
	}

	/**
	 * Returns the context of work that no user has asked for, such as a job. Its role is
	 * {@value #SYSTEM_ROLE}, which policies have to allow; it has no user.
	 * @param reason what for, which is logged
	 * @return the context
	 */
	public static RlsContext system(String reason) {
		Assert.hasText(reason, "'reason' must say what the system context is for");
		return new RlsContext(Map.of(CurrentUser.ROLE, SYSTEM_ROLE), null, reason);
	}

	/**
	 * Returns the same context with another value.
	 * @param setting the name of the setting, as below {@code rls.settings} of each
	 * database that is used under this context: one that does not know it rejects the
	 * context
	 * @param value the value
	 * @return a copy
	 */
	public RlsContext with(String setting, Object value) {
		Map<String, String> values = new LinkedHashMap<>(this.values);
		values.put(setting, value.toString());
		return new RlsContext(values, this.databaseRole, this.systemReason);
	}

	/**
	 * Returns the same context with another role of the database for statements to run
	 * as, in place of {@code rls.role}.
	 * @param role the name of a role that the login is a member of
	 * @return a copy
	 * @throws IllegalArgumentException if the name is {@code none}, which would stand for
	 * the login
	 */
	public RlsContext withDatabaseRole(String role) {
		Assert.isTrue(!role.equalsIgnoreCase(LOGIN_ROLE), "'role' must not be 'none', which stands for the login");
		return new RlsContext(this.values, role, this.systemReason);
	}

	/**
	 * Returns the value of a setting.
	 * @param setting the name of the setting
	 * @return the value or {@code null} if the context has none
	 */
	public @Nullable String getValue(String setting) {
		return this.values.get(setting);
	}

	/**
	 * Returns the names of the settings that have a value.
	 */
	Set<String> getSettings() {
		return this.values.keySet();
	}

	/**
	 * Returns the role of the database for statements to run as.
	 * @return the name or {@code null} if it is that of the configuration
	 */
	public @Nullable String getDatabaseRole() {
		return this.databaseRole;
	}

	/**
	 * Returns what the system context is for.
	 * @return the reason or {@code null} if this is the context of a user
	 */
	public @Nullable String getSystemReason() {
		return this.systemReason;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof RlsContext other && this.values.equals(other.values)
				&& Objects.equals(this.databaseRole, other.databaseRole)
				&& Objects.equals(this.systemReason, other.systemReason);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.values, this.databaseRole, this.systemReason);
	}

	/**
	 * Returns the names of the settings, but no value of a user.
	 */
	@Override
	public String toString() {
		return (this.systemReason != null) ? "RlsContext[system: " + this.systemReason + "]"
				: "RlsContext" + this.values.keySet();
	}

}
