package io.appdbs.maintenance.partition;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.appdbs.engine.partition.Partition;
import io.appdbs.engine.partition.PartitionException;
import io.appdbs.engine.partition.PartitionRange;
import io.appdbs.engine.partition.PartitionedTable;
import io.appdbs.settings.PartitionInterval;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done so that a table has its partitions.
 *
 * @param table the table
 * @param rule which partitions it needs
 * @param missing the partitions to create, in order
 * @param expired the partitions to remove, the oldest first
 * @param until the time in UTC until which rows can be inserted now, from the present
 * time on, or {@code null} if there is no limit
 */
record PartitionPlan(PartitionedTable table, PartitionRule rule, List<PartitionRange> missing, List<Partition> expired,
		@Nullable LocalDateTime until) {

	/**
	 * Plans the partitions of a table.
	 * @throws PartitionException if a partition would overlap an existing one
	 */
	static PartitionPlan of(PartitionedTable table, PartitionRule rule, LocalDateTime now) {
		List<Partition> partitions = table.getPartitions();
		PartitionInterval keep = rule.keep();
		List<Partition> expired = (keep != null) ? findExpired(partitions, keep.plus(now, -1)) : List.of();
		return new PartitionPlan(table, rule, findMissing(table, rule, now), expired, findEnd(partitions, now));
	}

	boolean isDone() {
		return this.missing.isEmpty() && this.expired.isEmpty();
	}

	/**
	 * Returns the end of the partitions that follow each other without a gap, from a time
	 * on.
	 */
	static @Nullable LocalDateTime findEnd(List<Partition> partitions, LocalDateTime time) {
		LocalDateTime end = time;
		Partition partition = find(partitions, end);
		while (partition != null) {
			end = partition.to();
			if (end == null) {
				return null;
			}
			partition = find(partitions, end);
		}
		return end;
	}

	private static @Nullable Partition find(List<Partition> partitions, LocalDateTime time) {
		return partitions.stream().filter((partition) -> partition.contains(time)).findFirst().orElse(null);
	}

	/**
	 * Fills the gaps from the current interval on. A partition that follows one with
	 * other bounds ends where its interval ends.
	 */
	private static List<PartitionRange> findMissing(PartitionedTable table, PartitionRule rule, LocalDateTime now) {
		PartitionInterval interval = rule.interval();
		List<PartitionRange> missing = new ArrayList<>();
		LocalDateTime target = interval.plus(interval.floor(now), rule.ahead() + 1);
		LocalDateTime time = findEnd(table.getPartitions(), now);
		while (time != null && time.isBefore(target)) {
			boolean first = time.equals(now) && missing.isEmpty();
			LocalDateTime from = first ? findBegin(table, interval.floor(now), now) : time;
			PartitionRange range = new PartitionRange(
					interval.label((table.isContiguous() && first) ? interval.floor(now) : from), from,
					interval.next(time));
			rejectOverlap(table, range);
			missing.add(range);
			time = findEnd(table.getPartitions(), range.to());
		}
		return missing;
	}

	/**
	 * Returns where the current partition begins: after the ones before it.
	 */
	private static LocalDateTime findBegin(PartitionedTable table, LocalDateTime floor, LocalDateTime now) {
		LocalDateTime end = table.getPartitions()
			.stream()
			.map(Partition::to)
			.filter(Objects::nonNull)
			.filter((to) -> !to.isAfter(now))
			.max(LocalDateTime::compareTo)
			.orElse(floor);
		return (table.isContiguous() || end.isAfter(floor)) ? end : floor;
	}

	private static void rejectOverlap(PartitionedTable table, PartitionRange range) {
		for (Partition partition : table.getPartitions()) {
			LocalDateTime from = partition.from();
			if (from != null && from.isBefore(range.to())
					&& (partition.to() == null || partition.to().isAfter(range.from()))) {
				throw new PartitionException(
						"needs a partition '%s' from %s to %s, which would overlap %s".formatted(range.label(),
								range.from(), range.to(), partition),
						"Create a partition from %s to %s in a migration, or choose an interval that fits."
							.formatted(range.from(), from),
						null);
			}
		}
	}

	/**
	 * A partition without an end has newer rows, and the one of the present time ends
	 * later.
	 */
	private static List<Partition> findExpired(List<Partition> partitions, LocalDateTime limit) {
		return partitions.stream()
			.filter((partition) -> partition.to() != null && !partition.to().isAfter(limit))
			.toList();
	}

}
