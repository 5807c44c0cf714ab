package io.appdbs.actuate.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.appdbs.actuate.drill.DrillLog.Line;
import io.appdbs.actuate.drill.Runbook.Section;
import io.appdbs.testsupport.server.PrometheusServer.Alert;
import org.jspecify.annotations.Nullable;

/**
 * The page about a drill.
 *
 * @param results what was observed
 * @param log the log
 * @param runbook the sections
 */
record DrillReport(List<Result> results, DrillLog log, Runbook runbook) {

	private static final String TEXT = """
			# Drill

			Ten faults were injected into a running application with nine databases and a replica, which gets two requests per second for each database.
			Prometheus scrapes it and evaluates [alerts.yml](alerts.yml) every second; with intervals of 15 s, an alert takes up to 30 s longer. The first four
			faults stay while the others are injected one after another, because their alerts fire after 5 or 10 minutes. They concern other databases, and do
			not change the health of the application. Log lines are those at INFO, without time and thread.
			The servers are embedded ones, MongoDB's in memory.

			The drill has written this page. It checks that each alert fires, that its address leads to a section of [troubleshooting](troubleshooting.md), and
			that the section quotes the warnings of AppDBs. It takes a quarter of an hour, needs Debian's package `prometheus`, and is not part of the build:

			    ./mvnw -pl autoconfigure -am test -Dtest=FaultDrillTests -Dappdbs.drill=all -Dsurefire.failIfNoSpecifiedTests=false

			| fault | pending after | fires after | alert | `/actuator/health` | readiness | section |
			|---|---|---|---|---|---|---|
			""";

	void write(Path file) throws IOException {
		StringBuilder page = new StringBuilder(TEXT);
		for (Result result : this.results) {
			page.append("| %s | %s | %s | `%s` | %d %s | %d | [%s](troubleshooting.md#%s) |%n".formatted(
					result.fault.title(), result.pendingAfter(), result.firingAfter(), result.fault.alert(),
					result.health.code(), result.health.status(), result.health.readiness(), section(result).title(),
					section(result).anchor()));
		}
		for (Result result : this.results) {
			append(page, result);
		}
		Files.writeString(file, page);
	}

	private void append(StringBuilder page, Result result) {
		String title = result.fault.title();
		page.append("%n## %s%s%n%n".formatted(title.substring(0, 1).toUpperCase(), title.substring(1)));
		List<Line> lines = lines(result);
		List<Line> own = lines.stream().filter(Line::isOfProduct).toList();
		page.append(own.isEmpty() ? "AppDBs logs nothing at INFO.\n" : "```log\n");
		own.stream()
			.collect(Collectors.groupingBy((line) -> line.message().replaceAll("\\d+", "#"), LinkedHashMap::new,
					Collectors.toList()))
			.values()
			.forEach((same) -> page.append("%-5s %s : %s%s%n".formatted(same.get(0).level(), same.get(0).logger(),
					same.get(0).message(), (same.size() > 1) ? " (%d times)".formatted(same.size()) : "")));
		page.append(own.isEmpty() ? "" : "```\n");
		Map<String, Long> others = lines.stream()
			.filter((line) -> !line.isOfProduct())
			.collect(
					Collectors.groupingBy(
							(line) -> "`%s` %s%s".formatted(line.logger(), line.level(),
									line.trace() ? " with a stack trace" : ""),
							LinkedHashMap::new, Collectors.counting()));
		others.forEach((logger, count) -> page.append("%n- %d × %s".formatted(count, logger)));
		page.append("%n- **Health**: `%s`%n- **Alert**: `%s`, %s: %s%n".formatted(result.health.database(),
				result.fault.alert(), result.alert.labels().get("severity"),
				result.alert.annotations().get("summary")));
		if (!result.health.others().isEmpty()) {
			page.append("- **Also firing**: `%s`%n".formatted(String.join("`, `", result.health.others())));
		}
	}

	/**
	 * Returns what is missing.
	 */
	List<String> problems() {
		List<String> problems = new ArrayList<>();
		for (Result result : this.results) {
			List<Line> own = lines(result).stream().filter(Line::isOfProduct).toList();
			own.stream()
				.filter((line) -> line.level().equals("WARN") || line.level().equals("ERROR"))
				.filter((line) -> !line.message().contains(" is answered with 503: "))
				.filter((line) -> !section(result).quotes(line.message()))
				.forEach((line) -> problems
					.add("%s does not quote: %s".formatted(section(result).title(), line.message())));
			own.stream().filter(Line::trace).forEach((line) -> problems.add("Stack trace: " + line.message()));
		}
		return problems;
	}

	private List<Line> lines(Result result) {
		List<String> others = DrillServers.NAMES.stream()
			.filter((name) -> !name.equals(result.fault.database()))
			.toList();
		List<Line> lines = new ArrayList<>(this.log.find(result.first, result.last, result.fault.database(), others));
		if (result.fault.lasting()) {
			lines.addAll(this.log.find(result.last, this.log.size(), result.fault.database(), null));
		}
		return lines;
	}

	private Section section(Result result) {
		return this.runbook.find(result.alert.annotations().get("runbook_url"));
	}

	/**
	 * What was observed of a fault.
	 *
	 * @param fault the fault
	 * @param first the position of its first line in the log
	 * @param last the position after its last line
	 * @param start when it was injected
	 * @param alert its alert
	 * @param fired when the alert fired, or {@code null} if it has not yet
	 * @param health the health
	 */
	record Result(Fault fault, int first, int last, Instant start, Alert alert, @Nullable Instant fired,
			Health health) {

		Result firedAt(Instant time) {
			return new Result(this.fault, this.first, this.last, this.start, this.alert, time, this.health);
		}

		String pendingAfter() {
			return seconds(this.alert.activeAt());
		}

		String firingAfter() {
			return (this.fired != null) ? seconds(this.fired) : "";
		}

		private String seconds(Instant time) {
			return Math.max(0, Math.round(Duration.between(this.start, time).toMillis() / 1000.0)) + " s";
		}

	}

	/**
	 * What the application reports during a fault.
	 *
	 * @param database the health of the database as JSON
	 * @param code the status code of the health of the application
	 * @param status the health of the application
	 * @param readiness the status code of readiness
	 * @param others further alerts of the database that fire
	 */
	record Health(String database, int code, String status, int readiness, List<String> others) {
	}

}
