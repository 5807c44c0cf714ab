package io.appdbs.maintenance;

import org.jspecify.annotations.Nullable;

/**
 * How far a task is. Each phase begins at 0 again, so there is no share of the whole.
 *
 * @param phase the phase in the words of the server
 * @param share the share of the phase that is done, from 0 to 1, {@code null} if it is
 * not known
 */
public record MaintenanceProgress(String phase, @Nullable Double share) {

}
