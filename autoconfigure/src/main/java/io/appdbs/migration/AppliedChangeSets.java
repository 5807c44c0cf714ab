package io.appdbs.migration;

import java.util.List;

import liquibase.changelog.RanChangeSet;
import org.jspecify.annotations.Nullable;

/**
 * The change sets that a database has after a run of Liquibase.
 *
 * @param executed the number of change sets that the run has executed
 * @param last the change set that was executed last, by any run, or {@code null} if there
 * is none
 */
record AppliedChangeSets(int executed, @Nullable String last) {

	static final AppliedChangeSets NONE = new AppliedChangeSets(0, null);

	static AppliedChangeSets of(List<RanChangeSet> history, int executed) {
		RanChangeSet last = history.isEmpty() ? null : history.get(history.size() - 1);
		return new AppliedChangeSets(executed, (last != null) ? last.getId() + "::" + last.getAuthor() : null);
	}

}
