package io.appdbs.inspection;

import java.util.Locale;

/**
 * What can be inspected.
 */
public enum InspectionTopic {

	/** The size of the database. */
	SIZE,

	/** The largest tables or collections. */
	TABLES,

	/** The largest indexes. */
	INDEXES,

	/** Sessions that do something now, and what they wait for. */
	ACTIVITY,

	/** The statements that took the most time. */
	STATEMENTS,

	/** What is wrong with the database. */
	FINDINGS;

	/**
	 * Returns the name of the topic.
	 * @return the name in lower case, as in the path of the endpoint
	 */
	public String getName() {
		return name().toLowerCase(Locale.ROOT);
	}

}
