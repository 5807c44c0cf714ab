package io.appdbs.rls.verify.proof;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.Severity;
import io.appdbs.rls.verify.catalog.WitnessUsers;
import io.appdbs.rls.verify.witness.ViewWitnesses;
import io.appdbs.rls.verify.witness.WitnessAnswer;
import io.appdbs.rls.verify.witness.WitnessAnswer.Raised;
import io.appdbs.rls.verify.witness.WitnessContext;
import io.appdbs.rls.verify.witness.WitnessFlags;
import io.appdbs.rls.verify.witness.WitnessQuestion;
import io.appdbs.rls.verify.witness.WitnessServer;

/**
 * Proves what views show whose owner is bound by policies.
 */
final class ViewProof {

	private final List<ViewWitnesses> views;

	private final List<ViewWitnesses> provable;

	private final WitnessServer server;

	private final List<WitnessUsers> users;

	private final List<String> settings;

	private final Map<ViewWitnesses, List<WitnessAnswer>> withoutUser = new LinkedHashMap<>();

	private final Map<ViewWitnesses, WitnessAnswer> withUser = new LinkedHashMap<>();

	ViewProof(List<ViewWitnesses> views, WitnessServer server, List<WitnessUsers> users, List<String> settings) {
		this.views = views;
		this.provable = views.stream().filter((view) -> view.reasons().isEmpty()).toList();
		this.server = server;
		this.users = users;
		this.settings = settings;
	}

	/**
	 * Asks what is shown where no setting was ever set, which is possible only as long as
	 * no context was.
	 */
	void askUnset() throws SQLException {
		askWithoutUser(this.provable.stream().filter((view) -> !view.isSound()).toList(), WitnessContext.unset());
	}

	/**
	 * Asks the rest.
	 */
	List<Finding> prove() throws SQLException {
		askWithoutUser(this.provable, WitnessContext.empty(this.settings));
		List<ViewWitnesses> pending = new ArrayList<>(this.provable);
		for (WitnessUsers user : this.users) {
			Map<ViewWitnesses, WitnessQuestion> questions = new LinkedHashMap<>();
			pending.forEach((view) -> questions.put(view, view.question(user, true)));
			if (!pending.isEmpty()) {
				WitnessContext context = WitnessContext.of(user);
				Map<WitnessQuestion, WitnessAnswer> answers = Objects
					.requireNonNull(this.server.ask(questions.values(), List.of(context)).get(context));
				questions.forEach((view, question) -> this.withUser.put(view, answers.get(question)));
				pending.removeIf((view) -> view.raised(Objects.requireNonNull(this.withUser.get(view))) == null);
			}
		}
		return this.views.stream().flatMap(this::findings).toList();
	}

	private void askWithoutUser(List<ViewWitnesses> views, WitnessContext context) throws SQLException {
		if (views.isEmpty()) {
			return;
		}
		Map<ViewWitnesses, WitnessQuestion> questions = new LinkedHashMap<>();
		views.forEach((view) -> questions.put(view, view.question(this.users.get(0), false)));
		Map<WitnessQuestion, WitnessAnswer> answers = Objects
			.requireNonNull(this.server.ask(questions.values(), List.of(context)).get(context));
		questions.forEach((view, question) -> this.withoutUser.computeIfAbsent(view, (key) -> new ArrayList<>())
			.add(answers.get(question)));
	}

	private Stream<Finding> findings(ViewWitnesses view) {
		String object = view.view().toString();
		if (!this.provable.contains(view)) {
			return Stream.of(new Finding(FindingType.VIEW_UNPROVED, object,
					"shows what could not be proved, as that depends on " + String.join(" and ", view.reasons()),
					null));
		}
		List<Finding> findings = new ArrayList<>();
		for (WitnessAnswer answer : this.withoutUser.getOrDefault(view, List.of())) {
			if (findings.isEmpty()) {
				add(findings, FindingType.VIEW_VISIBLE_WITHOUT_USER, view, answer, "without a user");
			}
		}
		WitnessAnswer answer = this.withUser.get(view);
		Raised raised = (answer != null) ? view.raised(answer) : null;
		if (raised != null) {
			findings.add(new Finding(FindingType.VIEW_UNPROVED, object,
					"shows what could not be proved, as it raises an error: "
							+ this.users.get(0).mask(raised.toString()),
					null));
		}
		else if (answer != null && findings.isEmpty()) {
			add(findings, FindingType.VIEW_VISIBLE_TO_STRANGER, view, answer, "of other users");
		}
		return findings.stream();
	}

	private static void add(List<Finding> findings, FindingType type, ViewWitnesses view, WitnessAnswer answer,
			String whose) {
		WitnessFlags flags = view.flags(answer);
		if (!flags.here().isEmpty()) {
			boolean partial = flags.arePartial();
			findings.add(new Finding(type, partial ? Severity.WARN : type.severity(), view.view().toString(),
					"shows rows %s%s, as the policies that bind its owner let them through".formatted(whose,
							partial ? ", " + flags.words() : ""),
					"Let the policies for the owner of the view, or the query of the view, compare with the user; or "
							+ "let the view read with the rights of the role that uses it: security_invoker = true."));
		}
	}

}
