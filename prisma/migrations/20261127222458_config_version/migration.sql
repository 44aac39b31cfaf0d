-- CreateTable
CREATE TABLE "config_version" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "dir" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "ip" TEXT,
    "how" TEXT NOT NULL,
    "changed" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "mode" INTEGER,
    "operationId" TEXT
);

-- CreateIndex
CREATE INDEX "config_version_dir_file_at_idx" ON "config_version"("dir", "file", "at");
