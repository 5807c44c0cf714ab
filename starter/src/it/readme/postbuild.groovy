// The report of the test has its class path, and so the versions that the application of README.md gets.
def report = new File(basedir, 'target/surefire-reports').listFiles().find { it.name.endsWith('.xml') }.text
for (library in libraries.split(' ')) {
	assert report.contains("${library}.jar")
}
return true
