package io.appdbs.inspection.support;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.inspection.StatementPlan;

/**
 * The latest plans of slow statements, one for each statement. Thread-safe.
 */
final class LastPlans {

	private final int limit;

	private final Map<String, StatementPlan> plans = new LinkedHashMap<>();

	LastPlans(int limit) {
		this.limit = limit;
	}

	synchronized void add(StatementPlan plan) {
		this.plans.remove(plan.statement());
		this.plans.put(plan.statement(), plan);
		if (this.plans.size() > this.limit) {
			this.plans.remove(this.plans.keySet().iterator().next());
		}
	}

	/**
	 * Returns the plans, the last one first.
	 */
	synchronized List<StatementPlan> getAll() {
		List<StatementPlan> all = new ArrayList<>(this.plans.values());
		Collections.reverse(all);
		return List.copyOf(all);
	}

}
