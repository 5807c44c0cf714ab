package com.example.shop;

import java.util.List;

/**
 * Notes in one database.
 */
interface Notes {

	/**
	 * Run the work in a transaction of this database and of no other.
	 */
	void inTransaction(Runnable work);

	void add(String note);

	List<String> findAll();

}
