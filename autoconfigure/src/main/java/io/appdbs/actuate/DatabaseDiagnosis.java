package io.appdbs.actuate;

import java.util.List;

import io.appdbs.inspection.FindingsReport;
import io.appdbs.lifecycle.history.DatabaseStateChange;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a database in addition to its descriptor. Not part of the JSON.
 *
 * @param action what to do about the outage, sanitized like its reason, or {@code null}
 * if there is none
 * @param changes the last changes of the state, the latest first, with sanitized reasons
 * @param findings the findings of the latest inspection or {@code null} if there is none
 */
public record DatabaseDiagnosis(@Nullable String action, List<DatabaseStateChange> changes,
		@Nullable FindingsReport findings) {

}
