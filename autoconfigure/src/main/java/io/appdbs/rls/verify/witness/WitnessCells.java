package io.appdbs.rls.verify.witness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import io.appdbs.rls.verify.catalog.WitnessUsers.Person;
import org.jspecify.annotations.Nullable;

/**
 * The witness rows of a table in each of the worlds of other tables. A row in one of
 * these worlds is a cell; cells are numbered from 0.
 */
public final class WitnessCells {

	private final List<Row> rows;

	private final List<WitnessWorld> others;

	WitnessCells(List<Row> rows, List<WitnessWorld> others) {
		this.rows = List.copyOf(rows);
		this.others = List.copyOf(others);
	}

	List<Row> rows() {
		return this.rows;
	}

	List<WitnessWorld> others() {
		return this.others;
	}

	/**
	 * Returns the number of cells.
	 * @return the number of cells
	 */
	public int size() {
		return this.rows.size() * this.others.size();
	}

	public Person person(int cell) {
		return this.rows.get(cell % this.rows.size()).person();
	}

	private WitnessWorld world(int cell) {
		return this.rows.get(cell % this.rows.size()).world();
	}

	private WitnessWorld othersOf(int cell) {
		return this.others.get(cell / this.rows.size());
	}

	/**
	 * Returns whether there is a value that is not compared with its column.
	 * @param cell the cell
	 * @return whether there is a value that is not compared with its column
	 */
	public boolean isCandidate(int cell) {
		return world(cell).candidate() || othersOf(cell).candidate();
	}

	/**
	 * Returns whether such values are in the row and in other tables, by which rows of
	 * different persons belong together.
	 * @param cell the cell
	 * @return whether such values are in the row and in other tables, by which rows of
	 * different persons belong together
	 */
	public boolean isJoined(int cell) {
		return world(cell).candidate() && othersOf(cell).candidate();
	}

	/**
	 * Returns what is special about other tables, or {@code null}.
	 * @param cell the cell
	 * @return what is special about other tables, or {@code null}
	 */
	public @Nullable String specialOfOthers(int cell) {
		return othersOf(cell).special();
	}

	/**
	 * Returns the words for the values of flags, by column.
	 * @param cell the cell
	 * @return the words for the values of flags, by column
	 */
	public Map<Column, String> flags(int cell) {
		Map<Column, String> flags = new LinkedHashMap<>(world(cell).flags());
		flags.putAll(othersOf(cell).flags());
		return flags;
	}

	/**
	 * Returns what is special about a row and other tables.
	 * @param cell the cell
	 * @return the words for it, or {@code null} if nothing is
	 */
	public @Nullable String special(int cell) {
		String others = specialOfOthers(cell);
		if (others != null) {
			return others;
		}
		WitnessWorld world = world(cell);
		return (world.special() == null || world.near() != WitnessWorld.Near.NONE) ? world.special()
				: "where " + world.special();
	}

	/**
	 * A row.
	 *
	 * @param person to whom it belongs
	 * @param world what is special about it
	 */
	record Row(Person person, WitnessWorld world) {

	}

}
