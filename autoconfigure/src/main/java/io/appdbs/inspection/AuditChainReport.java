package io.appdbs.inspection;

import org.jspecify.annotations.Nullable;

/**
 * Whether the entries in the log of row audit are linked by their hashes. An owner of the
 * log can compute all hashes anew, so compare {@link #head()} with what was recorded
 * elsewhere.
 *
 * @param checked the number of entries that were checked, the newest ones
 * @param complete whether that includes the first entry of the chain
 * @param firstBroken the identifier of the first entry whose content or predecessor does
 * not have the hash that is recorded, or {@code null} if there is none
 * @param last the identifier of the newest entry, or {@code null} if there is none
 * @param head the hash of the newest entry in hexadecimal digits, or {@code null} if it
 * has none
 */
public record AuditChainReport(long checked, boolean complete, @Nullable Long firstBroken, @Nullable Long last,
		@Nullable String head) {

}
