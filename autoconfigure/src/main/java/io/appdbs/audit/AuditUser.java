package io.appdbs.audit;

import org.jspecify.annotations.Nullable;

/**
 * Who did something.
 *
 * @param name the name or identifier, {@code null} without a user
 * @param source where the name comes from
 * @param reason the reason of the system context or {@code null} if the code did not run
 * in one
 */
public record AuditUser(@Nullable String name, Source source, @Nullable String reason) {

	/**
	 * No user is known.
	 */
	public static final AuditUser UNKNOWN = new AuditUser(null, Source.UNKNOWN, null);

	/**
	 * Returns whether neither a user nor a reason is known.
	 * @return whether it is not known who did something
	 */
	public boolean isUnknown() {
		return this.source == Source.UNKNOWN;
	}

	/**
	 * Where the name of a user comes from.
	 */
	public enum Source {

		/**
		 * The context of row-level security.
		 */
		ROW_LEVEL_SECURITY,

		/**
		 * Spring Security.
		 */
		SPRING_SECURITY,

		/**
		 * The system context, which has a reason and no user.
		 */
		SYSTEM,

		/**
		 * Nothing.
		 */
		UNKNOWN

	}

}
