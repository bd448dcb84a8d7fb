# SPDX-License-Identifier: Apache-2.0
#
# Plots rates, and the share of the raw rate, against the batch size.
#   gnuplot -e "csv='IN.csv'; svg='OUT.svg'" batch_size.gnuplot
set datafile separator ','
set terminal svg size 860,760 background rgb 'white' font 'sans-serif,13'
set output svg
set multiplot layout 2,1 margins 0.10,0.96,0.09,0.95 spacing 0.09
set logscale x
set grid xtics ytics linecolor rgb '#dddddd'
set format x '%.0f'
set key right bottom box linecolor rgb '#cccccc'
set style line 1 linewidth 2 pointtype 7 pointsize 0.8 linecolor rgb '#1f77b4'
set style line 2 linewidth 2 pointtype 5 pointsize 0.8 linecolor rgb '#ff7f0e'
set style line 3 linewidth 2 dashtype 2 linecolor rgb '#555555'

set title 'Records signed and stored per second'
set yrange [0:*]
set ylabel 'records/s'
plot csv using 1:3 every ::1 with lines linestyle 3 title 'raw signing', \
  csv using 1:2 every ::1 with linespoints linestyle 1 title 'whole job', \
  csv using 1:5 every ::1 with linespoints linestyle 2 title 'plain threads'

set title 'Share of the raw signing rate'
set yrange [0.5:1.05]
set ylabel 'share'
set xlabel 'batch size'
plot csv using 1:4 every ::1 with linespoints linestyle 1 \
    title 'wall-clock time', \
  csv using 1:10 every ::1 with linespoints linestyle 2 title 'CPU time', \
  0.95 with lines linestyle 3 title 'goal at 100 and more'
unset multiplot
